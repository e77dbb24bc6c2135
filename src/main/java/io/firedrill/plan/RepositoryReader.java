package io.firedrill.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads {@code pgbackrest} and {@code barman} of a service's databases, and holds them against the rest of the service. */
final class RepositoryReader {
    static final Keys PGBACKREST_KEYS = Keys.of("stanza", "config", "user");
    static final Keys BARMAN_KEYS = Keys.of("server", "config", "user");

    private final String service;
    private final List<Placed> placed = new ArrayList<>();

    private record Placed(Database database, Repository repository, Value at) {}

    /** @param service what messages call it: {@code service 'shop'} */
    RepositoryReader(String service) {
        this.service = service;
    }

    /**
     * @param who what messages call the database
     * @param database empty when something else is wrong with it
     * @return the database, with the repository that it names, if any
     */
    Optional<Database> read(String who, Section section, Optional<Database> database) {
        Optional<Value> pgBackRest = section.optional("pgbackrest");
        Optional<Value> barman = section.optional("barman");
        if (pgBackRest.isPresent() && barman.isPresent()) {
            barman.get().mistakeAtKey(
                    "%s names both a pgBackRest stanza and a Barman server.".formatted(Section.capitalised(who)),
                    "Keep the one that archives its WAL.");
        }
        Optional<Repository> repository = pgBackRest.flatMap(value -> read(Repository.Tool.PGBACKREST, PGBACKREST_KEYS, value));
        Optional<Repository> other = barman.flatMap(value -> read(Repository.Tool.BARMAN, BARMAN_KEYS, value));
        Optional<Repository> named = repository.or(() -> other);
        if (named.isEmpty() || database.isEmpty()) {
            return database;
        }
        Value at = pgBackRest.or(() -> barman).orElseThrow();
        placed.add(new Placed(database.get(), named.get(), at));
        at.reading().claims().repository(named.get(), database.get(), who, at);
        return Optional.of(database.get().in(named.get()));
    }

    private static Optional<Repository> read(Repository.Tool tool, Keys keys, Value value) {
        Section section = Section.open(value, "'%s'".formatted(tool.word()), keys, "{%s: main}".formatted(tool.part()));
        Optional<Path> config = section.optional("config").flatMap(PlanFiles::existing);
        Optional<String> user = section.optional("user").flatMap(RepositoryReader::user);
        return section.required(tool.part(), "main")
                .flatMap(name -> name(tool, name))
                .map(name -> new Repository(tool, name, config, user.orElse(tool.defaultUser())));
    }

    private static Optional<String> name(Repository.Tool tool, Value value) {
        return value.text().filter(name -> {
            boolean valid = Repository.validName(tool, name);
            if (!valid) {
                value.mistake(
                        "'%s' cannot be a %s of %s.".formatted(name, tool.part(), tool.title()),
                        "Write the name of one %s, as in %s's configuration.".formatted(tool.part(), tool.title()));
            }
            return valid;
        });
    }

    static Optional<String> user(Value value) {
        return value.text().filter(user -> {
            boolean valid = Repository.validUser(user);
            if (!valid) {
                value.mistake("'%s' cannot be a system user.".formatted(user), "Write the name of the user that the tool runs as.");
            }
            return valid;
        });
    }

    /** The tools that have these servers' backups and WAL; none when there is a server without one. */
    static Set<Repository.Tool> ofAll(Collection<Database> databases) {
        List<Optional<Repository>> all = Service.servers(databases).stream().map(Database::repository).toList();
        return all.stream().anyMatch(Optional::isEmpty)
                ? Set.of()
                : all.stream().map(one -> one.orElseThrow().tool()).collect(Collectors.toCollection(TreeSet::new));
    }

    /** {@code pgBackRest and Barman}. */
    static String titles(Set<Repository.Tool> tools) {
        return tools.stream().map(Repository.Tool::title).collect(Collectors.joining(" and "));
    }

    /** Once everything of the service is read. */
    void compare(Collection<Database> databases, boolean physical) {
        for (Placed one : placed) {
            Database first = Service.servers(databases).stream().filter(one.database()::onServerOf).findFirst().orElse(one.database());
            if (!first.name().equals(one.database().name())) {
                one.at().mistakeAtKey(
                        "Physical backups of %s are named after its first database, '%s', not '%s'."
                                .formatted(one.database().server(), first.name(), one.database().name()),
                        "Move it to '%s'.".formatted(first.name()));
            } else if (!physical) {
                one.at().mistakeAtKey(
                        "Database '%s' names a %s, but %s has no physical backups."
                                .formatted(one.database().name(), one.repository().title(), service),
                        "Add - {kind: physical} to its backups, or remove it.");
            }
        }
    }
}
