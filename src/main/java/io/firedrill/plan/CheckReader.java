package io.firedrill.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads a service's {@code checks}. */
final class CheckReader {
    private static final String EXAMPLE =
            "- {name: users exist, sql: \"select count(*) > 0 from users\", database: orders}";
    static final Keys ALL_KEYS = Keys.of("name", "sql", "database", "http", "expect", "command", "timeout");
    private static final Keys SQL_KEYS = Keys.of("name", "sql", "database");
    private static final Keys HTTP_KEYS = Keys.of("name", "http", "expect", "timeout");
    private static final Keys COMMAND_KEYS = Keys.of("name", "command", "timeout");

    private final String service;
    private final Set<String> databases;
    private final Map<String, Integer> lineOfName = new HashMap<>();

    /** @param service what messages call it: {@code service 'shop'} */
    CheckReader(String service, Set<String> databases) {
        this.service = service;
        this.databases = databases;
    }

    List<Check> readAll(Optional<Value> value) {
        List<Check> checks = new ArrayList<>();
        value.ifPresent(list -> list.items("checks: [%s]".formatted(EXAMPLE.substring(2)))
                .forEach(item -> read(item).ifPresent(checks::add)));
        return checks;
    }

    private Optional<Check> read(Value value) {
        List<String> kinds = Stream.of("sql", "http", "command")
                .filter(NamedEntries.names(Optional.of(value))::contains)
                .toList();
        return switch (kinds.size() == 1 ? kinds.getFirst() : "") {
            case "sql" -> sql(open(value, "an sql check", SQL_KEYS));
            case "http" -> http(open(value, "an http check", HTTP_KEYS));
            case "command" -> command(open(value, "a command check", COMMAND_KEYS));
            default -> {
                Section section = open(value, "a check", ALL_KEYS);
                name(section);
                if (section.isMap()) {
                    section.mistake(
                            kinds.isEmpty()
                                    ? "A check has none of sql, http and command."
                                    : "A check has %s.".formatted(String.join(" and ", kinds)),
                            "Give it exactly one of sql, http and command: " + EXAMPLE);
                }
                yield Optional.empty();
            }
        };
    }

    private static Section open(Value value, String title, Keys keys) {
        return Section.open(value, title, keys, EXAMPLE);
    }

    private Optional<Check> sql(Section section) {
        Optional<String> name = name(section);
        Optional<String> sql =
                section.required("sql", "\"select count(*) > 0 from users\"").flatMap(Value::text);
        Optional<String> database = section.has("database")
                ? section.optional("database").flatMap(this::knownDatabase)
                : onlyDatabase(section);
        return allThere(name, sql, database)
                ? Optional.of(new Check.Sql(name.get(), sql.get(), database.get()))
                : Optional.empty();
    }

    private Optional<String> knownDatabase(Value value) {
        return value.text().filter(name -> {
            if (!databases.contains(name)) {
                value.mistake(
                        "There is no database '%s' in %s.".formatted(name, service),
                        databases.isEmpty()
                                ? "Add it to the service's databases, or write an http or command check."
                                : Keys.advice(name, databases, "Its databases"));
            }
            return databases.contains(name);
        });
    }

    private Optional<String> onlyDatabase(Section section) {
        if (databases.size() != 1) {
            section.mistake(
                    "An sql check does not say which database it asks; %s has %s."
                            .formatted(service, databases.isEmpty() ? "none" : databases.size()),
                    databases.isEmpty()
                            ? "Write an http or command check."
                            : "Add database: with one of %s.".formatted(String.join(", ", databases)));
            return Optional.empty();
        }
        return Optional.of(databases.iterator().next());
    }

    private Optional<Check> http(Section section) {
        Optional<String> name = name(section);
        int expect = section.optional("expect")
                .flatMap(value -> value.number(100, 599))
                .orElse(200);
        Duration timeout = timeout(section, Duration.ofSeconds(5));
        return section.optional("http")
                .flatMap(value -> WebAddress.read(value, "http://127.0.0.1:8080/health"))
                .filter(url -> name.isPresent())
                .map(url -> new Check.Http(name.get(), url, expect, timeout));
    }

    private Optional<Check> command(Section section) {
        Optional<String> name = name(section);
        Duration timeout = timeout(section, Duration.ofSeconds(10));
        List<String> words = section.optional("command").map(this::words).orElse(List.of());
        return words.isEmpty() ? Optional.empty() : name.map(text -> new Check.Command(text, words, timeout));
    }

    private List<String> words(Value value) {
        String example = "command: [/usr/local/bin/check-shop, --quick]";
        List<Value> items = value.items(example + ", the program and its arguments one by one; no shell reads them");
        if (items.isEmpty() && value.isList()) {
            value.mistake("'command' names no program.", "Write it like this: " + example);
        }
        List<String> words =
                items.stream().flatMap(item -> item.text().stream()).toList();
        return words.size() == items.size() ? words : List.of();
    }

    private static Duration timeout(Section section, Duration otherwise) {
        return section.optional("timeout").flatMap(Value::duration).orElse(otherwise);
    }

    private Optional<String> name(Section section) {
        Optional<Value> value = section.required("name", "front page");
        Optional<String> name = value.flatMap(Value::text);
        if (name.isPresent()) {
            int line = value.get().node().getStartMark().getLine() + 1;
            Integer first = lineOfName.putIfAbsent(name.get(), line);
            if (first != null) {
                value.get()
                        .mistake(
                                "Two checks alike: '%s' is the name of another on line %d."
                                        .formatted(name.get(), first),
                                "Give one of them another name.");
            }
        }
        return name;
    }

    private static boolean allThere(Optional<?>... parts) {
        return Stream.of(parts).allMatch(Optional::isPresent);
    }
}
