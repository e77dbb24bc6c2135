package io.firedrill.cli;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.terminal.Table;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Who may sign in to the pages. */
@Command(
        name = "people",
        mixinStandardHelpOptions = true,
        description = "List who may sign in; add somebody; make them a new link; shut them out.",
        subcommands = {PeopleCommand.AddCommand.class, PeopleCommand.InviteCommand.class, PeopleCommand.DisableCommand.class})
final class PeopleCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions server = new ServerOptions();

    @Override
    public Integer call() {
        JsonNode answer = server.api().get("/people");
        if (server.json()) {
            server.print(answer);
            return Exit.DONE;
        }
        Table table = new Table("NAME", "ROLES", "STATE");
        Json.items(answer, "people").forEach(person -> table.row(
                Json.text(person, "name", ""), String.join(", ", Json.texts(person, "roles")), Json.text(person, "state", "")));
        server.terminal().lines(table.isEmpty() ? List.of("Nobody yet.") : table.lines());
        return Exit.DONE;
    }

    private static int tellLink(ServerOptions server, Api api, JsonNode answer) {
        String link = api.server() + Json.text(answer, "link", "");
        if (server.json()) {
            server.print(Json.object().put("name", Json.text(answer, "name", "")).put("link", link));
            return Exit.DONE;
        }
        server.terminal().line("%s sets a password, once, within 24 hours, at:".formatted(Json.text(answer, "name", "")));
        server.terminal().line("  " + link);
        return Exit.DONE;
    }

    /** Prints a one-time link; nobody else learns their password. */
    @Command(name = "add", mixinStandardHelpOptions = true, description = "Add a person and print the one-time link for them.")
    static final class AddCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Parameters(paramLabel = "NAME", description = "What decisions are recorded under.")
        private String name = "";

        @Option(names = "--role", paramLabel = "ROLE", required = true, description = "viewer, operator, approver, auditor or admin; may be given again.")
        private List<String> roles = List.of();

        @Override
        public Integer call() {
            Api api = server.api();
            ObjectNode request = Json.object().put("name", name);
            request.set("roles", Json.tree(roles));
            return tellLink(server, api, api.post("/people", request));
        }
    }

    /** For somebody who forgot their password, or was shut out. */
    @Command(name = "invite", mixinStandardHelpOptions = true, description = "Make a person a new one-time link.")
    static final class InviteCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Parameters(paramLabel = "NAME", description = "The person's name (see: firedrill people).")
        private String name = "";

        @Override
        public Integer call() {
            Api api = server.api();
            return tellLink(server, api, api.post("/people/" + Query.encoded(name) + "/invite", Json.object()));
        }
    }

    /** Ends their sessions and tokens too. */
    @Command(name = "disable", mixinStandardHelpOptions = true, description = "Shut a person out, with their sessions and tokens.")
    static final class DisableCommand implements Callable<Integer> {
        @Mixin
        private ServerOptions server = new ServerOptions();

        @Parameters(paramLabel = "NAME", description = "The person's name (see: firedrill people).")
        private String name = "";

        @Override
        public Integer call() {
            server.api().post("/people/" + Query.encoded(name) + "/disable", Json.object());
            if (server.json()) {
                server.print(Json.object().put("name", name));
            } else {
                server.terminal().line(name + " cannot sign in any more.");
            }
            return Exit.DONE;
        }
    }
}
