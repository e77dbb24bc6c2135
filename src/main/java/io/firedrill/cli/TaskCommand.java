package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.DecisionText;
import io.firedrill.client.Form;
import io.firedrill.client.Json;
import io.firedrill.terminal.Terminal;
import io.firedrill.terminal.Times;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One decision: what it is about, and making it. */
@Command(
        name = "task",
        mixinStandardHelpOptions = true,
        description = "Show what a task is about; claim it; complete it with what its form asks.")
final class TaskCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Mixin
    private ServerOptions server = new ServerOptions();

    @Parameters(paramLabel = "KEY", description = "The task's key (see: firedrill tasks).")
    private String key = "";

    @Option(names = "--claim", description = "Take it, so that nobody else does.")
    private boolean claim;

    @Option(names = "--complete", description = "Answer it with the values given by --set.")
    private boolean complete;

    @Option(names = "--set", paramLabel = "NAME=VALUE", description = "A field of the form; may be repeated.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Override
    public Integer call() {
        if (!values.isEmpty() && !complete) {
            throw new ParameterException(spec.commandLine(), "--set only goes with --complete.");
        }
        Api api = server.api();
        String path = "/tasks/" + Query.encoded(key);
        JsonNode task = api.get(path);
        if (claim) {
            api.post(path + "/claim", Json.object());
            say("Claimed by " + server.actor() + ".");
        }
        if (complete) {
            api.post(path + "/complete", Json.object().set("variables", entered(task)));
            say("Completed by " + server.actor() + ".");
        }
        show(task);
        return Exit.DONE;
    }

    /** What the form shows filled in, and the values given. */
    private ObjectNode entered(JsonNode task) {
        Form form = Form.of(task);
        ObjectNode variables = form.prefilled(task);
        values.forEach((name, value) -> {
            try {
                form.put(variables, name, value);
            } catch (NumberFormatException e) {
                throw new ParameterException(spec.commandLine(), "'%s' must be a number, not '%s'.".formatted(name, value));
            }
        });
        return variables;
    }

    private void say(String text) {
        server.terminal().line(text);
    }

    private void show(JsonNode task) {
        if (server.json()) {
            server.print(claim || complete
                    ? Json.object().put("key", key).put("claimed", claim).put("completed", complete).put("by", server.actor())
                    : task);
        } else if (!claim && !complete) {
            describe(task, server.terminal());
        }
    }

    private void describe(JsonNode task, Terminal terminal) {
        Times times = Times.here();
        terminal.line(terminal.bold(Json.text(task, "name", "")) + " — service " + Json.text(task, "service", "")
                + Json.text(task, "incident").map(id -> ", incident " + id).orElse(""));
        terminal.line("Waits for %s since %s%s".formatted(
                Waiting.whom(task),
                Json.instant(task, "createdAt").map(times::atAndAgo).orElse("?"),
                Json.instant(task, "due").map(due -> ", escalates " + times.ago(due)).orElse("")));
        terminal.lines(new DecisionText(terminal).of(task));
        terminal.line(terminal.bold("Asked"));
        Form.of(task).fields().forEach(field -> terminal.line("  " + field.asked()));
        terminal.line("Answer: firedrill task " + key + " --complete --set NAME=VALUE ... [--as NAME]");
    }
}
