package io.firedrill.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.client.Form;
import io.firedrill.client.Json;
import io.firedrill.terminal.Terminal;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

class SecondPersonTest {
    /** The choices after which a process asks the same question again when nothing changed. */
    private static final Set<String> GO_ROUND = Set.of("try-again", "check-again", "retry", "send-back", "next-backup");

    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private final SecondPerson person = new SecondPerson(new Terminal(
            new BufferedReader(Reader.nullReader()), new PrintStream(written, true, StandardCharsets.UTF_8), false, false, 100));
    private int key;

    static List<Path> forms() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("forms"))) {
            return files.filter(file -> file.toString().endsWith(".form")).sorted().toList();
        }
    }

    private JsonNode task(Path form) throws IOException {
        JsonNode schema = Json.parse(Files.readString(form));
        ObjectNode task = Json.object()
                .put("key", ++key)
                .put("run", 7)
                .put("name", "The task")
                .put("form", Json.text(schema, "id", ""));
        task.putObject("variables").put("strategy", "restore-all");
        task.set("formSchema", schema);
        return task;
    }

    @ParameterizedTest
    @MethodSource("forms")
    void everyFormGetsAnAnswerToEachRequiredFieldFromItsChoices(Path form) throws IOException {
        JsonNode task = task(form);
        ObjectNode answer = person.answer(task);
        for (Form.Field field : Form.of(task).fields()) {
            String value = Json.text(answer, field.key(), "");
            assertThat(field.required() ? value : "x").as(field.key()).isNotBlank();
            assertThat(value.isEmpty() || field.choices().isEmpty() || field.choices().contains(value)).as(field.key()).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void aQuestionAskedAgainAndAgainIsSoonAnsweredWithWhatEndsIt(Path form) throws IOException {
        String decision = "";
        for (int time = 0; time < 4; time++) {
            decision = Json.text(person.answer(task(form)), "decision", "");
        }
        assertThat(decision).isNotIn(GO_ROUND).isNotIn("confirm", "approve");
        person.answer(task(form));
        person.answer(task(form));
        person.answer(task(form));
        person.answer(task(form));
        assertThatThrownBy(() -> person.answer(task(form))).hasMessageContaining("asked again");
    }

    @Test
    void aFailedCheckIsLookedAtTwiceMoreThenUndoneAndEachAnswerSaysWhy() throws IOException {
        Path form = Path.of("forms/decide-failed-check.form");
        assertThat(Stream.of(task(form), task(form), task(form), task(form)).map(person::answer).map(a -> Json.text(a, "decision", "")))
                .containsExactly("check-again", "check-again", "undo", "undo");
        assertThat(written.toString(StandardCharsets.UTF_8))
                .contains("decides check-again: The service may still be coming up")
                .contains("decides undo: Trying again did not help; swap the originals back.");
    }

    @Test
    void theSameTaskAskedTwiceGetsTheSameAnswerAndAnotherRunStartsAfresh() throws IOException {
        JsonNode task = task(Path.of("forms/decide-failed-step.form"));
        assertThat(person.answer(task)).isEqualTo(person.answer(task));
        JsonNode otherRun = task(Path.of("forms/decide-failed-step.form"));
        ((ObjectNode) otherRun).put("run", 8);
        assertThat(Json.text(person.answer(otherRun), "decision")).contains("try-again");
    }

    @Test
    void atTheEndOfTheInputAPersonsAnswerIsNeverAYesAndNeverGoesRound() throws IOException {
        AskedPerson nobody = new AskedPerson(new Terminal(
                new BufferedReader(Reader.nullReader()), new PrintStream(written, true, StandardCharsets.UTF_8), false, false, 100));
        for (Path form : forms()) {
            // Neither has an answer that is no yes and no going round: the demo ends there.
            if (form.endsWith("review-analysis.form") || form.endsWith("decide-protection.form")) {
                assertThatThrownBy(() -> nobody.answer(task(form))).hasMessageContaining("input ended");
            } else {
                assertThat(Json.text(nobody.answer(task(form)), "decision", ""))
                        .as(form.toString()).isIn("", "reject", "stop", "give-up", "stay-local", "undo", "noted", "close");
            }
        }
    }
}
