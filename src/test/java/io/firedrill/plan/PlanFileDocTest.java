package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds docs/plan-file.md against the reader: what it shows is what happens. */
class PlanFileDocTest {
    private static final Path PAGE = Path.of("docs/plan-file.md");

    @TempDir
    Path temporary;

    @Test
    void everyExampleIsAPlan() throws Exception {
        PlanFolder plans = PlanFolder.in(temporary);
        List<String> examples = blocks("yaml");

        assertThat(examples).hasSizeGreaterThanOrEqualTo(4);
        for (String example : examples) {
            assertThat(PlanReader.read(plans.plan(example)).services()).isNotEmpty();
        }
    }

    @Test
    void theMistakesShownAreTheMistakesTold() throws Exception {
        PlanFolder plans = PlanFolder.in(temporary);
        Path file = plans.plan(blocks("yaml mistakes").getFirst());

        PlanException thrown = catchThrowableOfType(PlanException.class, () -> PlanReader.read(file));

        String shown = blocks("text").getFirst().strip();
        assertThat(thrown.getMessage()
                        .replace(file.toString(), file.getFileName().toString()))
                .isEqualTo(shown.replace("/etc/firedrill", plans.folder().toString()));
    }

    @Test
    void everyScheduleShownIsGood() throws Exception {
        List<String> schedules = matches("\\| `([^`{]+(?: [^` ]+){5})` \\|");

        assertThat(schedules)
                .hasSize(5)
                .allSatisfy(cron -> assertThat(Cron.problem(cron)).isEmpty());
    }

    @Test
    void everyKeyHasALine() throws Exception {
        String tables = String.join("\n", matches("(?m)^(\\|.*\\|)$"));

        Stream<String> keys = Stream.of(
                        ServiceReader.KEYS,
                        ServiceReader.FILE_SET_KEYS,
                        ServiceReader.APPROVAL_KEYS,
                        ServiceReader.DRILL_KEYS,
                        DatabaseReader.SERVICE_KEYS,
                        ReplicationReader.PLAIN_KEYS,
                        ReplicationReader.NODE_KEYS,
                        ReplicationReader.REPLICATOR_KEYS,
                        PatroniReader.KEYS,
                        PatroniReader.NODE_KEYS,
                        RepositoryReader.PGBACKREST_KEYS,
                        RepositoryReader.BARMAN_KEYS,
                        ServerReader.KEYS,
                        CheckReader.ALL_KEYS,
                        BackupReader.KEYS,
                        BackupReader.KEEP_KEYS,
                        StoreReader.KEYS,
                        StoreReader.LOCK_KEYS,
                        BucketReader.S3_KEYS,
                        BucketReader.GCS_KEYS,
                        EngineReader.SAAS_KEYS,
                        RootReader.ENCRYPTION_KEYS,
                        RootReader.KMS_KEYS,
                        NotifyReader.KEYS,
                        OidcReader.KEYS,
                        RootReader.AUDIT_KEYS,
                        AlertReader.KEYS,
                        LoadBalancerReader.KEYS,
                        LoadBalancerReader.CONSOLE_KEYS,
                        PgBouncerReader.KEYS)
                .flatMap(known -> known.known().stream());
        assertThat(keys).allSatisfy(key -> assertThat(tables).contains("`" + key + "`"));
        assertThat(matches("(?m)^## (\\w+)$")).containsAll(RootReader.KEYS.known());
    }

    private static List<String> blocks(String kind) throws IOException {
        return matches("(?ms)^```" + kind + "\n(.*?)^```$");
    }

    private static List<String> matches(String regex) throws IOException {
        return Pattern.compile(regex)
                .matcher(Files.readString(PAGE))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }
}
