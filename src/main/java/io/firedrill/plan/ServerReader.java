package io.firedrill.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Reads {@code server} of a service's databases: where the server lives that they are on. */
final class ServerReader {
    static final Keys KEYS = Keys.of("data", "log", "start", "stop", "user");
    private static final String EXAMPLE = "{data: /var/lib/postgresql/15/main}";
    private static final String COMMAND = "[pg_ctlcluster, \"15\", main, %s]";

    private final List<Placed> placed = new ArrayList<>();

    private record Placed(Database database, Value at) {}

    /**
     * @param who what messages call the database
     * @param database empty when something else is wrong with it
     * @return the database, with the place of its server, if that is told
     */
    Optional<Database> read(String who, Section section, Optional<Database> database) {
        Optional<Value> at = section.optional("server");
        Optional<ServerPlan> server = at.flatMap(value -> read("'server' of " + who, value));
        if (server.isEmpty() || database.isEmpty()) {
            return database;
        }
        placed.add(new Placed(database.get(), at.get()));
        at.get().reading().claims().folder(server.get().data(), "the data directory of " + who, at.get());
        return Optional.of(database.get().living(server.get()));
    }

    private static Optional<ServerPlan> read(String title, Value value) {
        Section section = Section.open(value, title, KEYS, EXAMPLE);
        // Whether it is there is not asked: after a disaster it may be what is missing.
        Optional<Path> data = section.required("data", "/var/lib/postgresql/15/main").flatMap(PlanFiles::swappable);
        Optional<Path> log = section.optional("log").flatMap(PlanFiles::path);
        List<String> start = section.optional("start").map(one -> command(one, "start")).orElse(List.of());
        List<String> stop = section.optional("stop").map(one -> command(one, "stop")).orElse(List.of());
        Optional<String> user = section.optional("user").flatMap(RepositoryReader::user);
        if (section.has("start") != section.has("stop")) {
            String there = section.has("start") ? "start" : "stop";
            String lacking = section.has("start") ? "stop" : "start";
            section.optional(there).orElseThrow().mistakeAtKey(
                    "%s says how to %s it, but not how to %s it.".formatted(Section.capitalised(title), there, lacking),
                    "Add %s: %s, or remove it: then pg_ctl does both.".formatted(lacking, COMMAND.formatted(lacking)));
            return Optional.empty();
        }
        boolean whole = start.isEmpty() == stop.isEmpty() && start.isEmpty() != section.has("start")
                && user.isPresent() == section.has("user");
        return data.filter(path -> whole).map(path -> new ServerPlan(path, log, start, stop, user));
    }

    private static List<String> command(Value value, String what) {
        String example = COMMAND.formatted(what);
        List<Value> items = value.items(example);
        if (value.isList() && items.isEmpty()) {
            value.mistake("'%s' is an empty list.".formatted(what), "Write a program and its arguments: " + example);
        }
        List<String> words = items.stream().flatMap(word -> word.text().stream()).toList();
        return words.size() == items.size() ? words : List.of();
    }

    /** Once everything of the service is read. */
    void compare(Collection<Database> databases) {
        for (Placed one : placed) {
            Database first = Service.servers(databases).stream().filter(one.database()::onServerOf).findFirst().orElse(one.database());
            if (!first.name().equals(one.database().name())) {
                one.at().mistakeAtKey(
                        "Where %s lives is told at its first database, '%s', not '%s'."
                                .formatted(one.database().server(), first.name(), one.database().name()),
                        "Move it to '%s'.".formatted(first.name()));
            }
        }
    }
}
