package io.firedrill.recovery;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.store.Manifest.DatabaseSettings;
import io.firedrill.store.Manifest.Setting;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The database that a restore goes into: made as the backed-up one was, and dropped when it is not wanted. */
final class BesideDatabase {
    /** Settings whose value is a list of names, which one quoted text would turn into a single name. */
    private static final Set<String> LISTS = Set.of("search_path", "temp_tablespaces", "local_preload_libraries",
            "session_preload_libraries", "shared_preload_libraries", "unix_socket_directories");

    private final Server server;
    private final String name;

    BesideDatabase(Server server, String name) {
        this.server = server;
        this.name = Names.requireBeside(name);
    }

    /** Also when sessions or subscriptions of an earlier attempt hold it. */
    void drop() {
        if (server.exists(name)) {
            server.execute("alter database %s with allow_connections true".formatted(Sql.name(name)));
            dropSubscriptions();
            if (server.majorVersion() >= 13) {
                server.execute("drop database if exists %s with (force)".formatted(Sql.name(name)));
            } else {
                server.execute("alter database %s with allow_connections false".formatted(Sql.name(name)));
                Fence.clear(server, name);
                server.execute("drop database if exists %s".formatted(Sql.name(name)));
            }
        }
    }

    /** They were restored disabled and never had a slot of their own; the publisher is not to be told anything. */
    private void dropSubscriptions() {
        if (server.column("select s.subname from pg_subscription s join pg_database d on d.oid = s.subdbid where d.datname = ?",
                        name)
                .isEmpty()) {
            return;
        }
        Database beside = server.database().onDatabase(name);
        try (Connection connection = PgConnections.open(beside);
                Statement statement = connection.createStatement()) {
            List<String> names = new ArrayList<>();
            try (ResultSet row = statement.executeQuery("select subname from pg_subscription s join pg_database d"
                    + " on d.oid = s.subdbid where d.datname = current_database()")) {
                while (row.next()) {
                    names.add(Sql.name(row.getString(1)));
                }
            }
            for (String subscription : names) {
                statement.execute("alter subscription %s disable".formatted(subscription));
                statement.execute("alter subscription %s set (slot_name = none)".formatted(subscription));
                statement.execute("drop subscription %s".formatted(subscription));
            }
        } catch (SQLException e) {
            throw PgFailures.running(beside, e);
        }
    }

    /** Closed to all but superusers, unless we are none ourselves. */
    void create(DatabaseSettings settings) {
        StringBuilder sql = new StringBuilder("create database %s template template0 owner %s encoding %s lc_collate %s lc_ctype %s tablespace %s"
                .formatted(Sql.name(name), Sql.name(settings.owner()), Sql.text(settings.encoding()),
                        Sql.text(settings.collate()), Sql.text(settings.ctype()), Sql.name(settings.tablespace())));
        if (settings.localeProvider().equals("i")) {
            sql.append(" locale_provider icu icu_locale ").append(Sql.text(orEmpty(settings.locale())));
            if (settings.icuRules() != null) {
                sql.append(" icu_rules ").append(Sql.text(settings.icuRules()));
            }
        } else if (settings.localeProvider().equals("b")) {
            sql.append(" locale_provider builtin builtin_locale ").append(Sql.text(orEmpty(settings.locale())));
        }
        sql.append(" connection limit ").append(server.superuser() ? 0 : settings.connectionLimit());
        server.execute(sql.toString());
    }

    private static String orEmpty(@org.jspecify.annotations.Nullable String text) {
        return text == null ? "" : text;
    }

    /** What CREATE DATABASE cannot say, all at once with the note that the restored database is whole. */
    void finish(DatabaseSettings settings, String mark, Map<String, String> notes) {
        List<String> statements = new ArrayList<>();
        settings.configuration().stream()
                .filter(setting -> !setting.name().startsWith("firedrill."))
                .forEach(setting -> statements.addAll(configure(setting)));
        if (settings.comment() != null) {
            statements.add("comment on database %s is %s".formatted(Sql.name(name), Sql.text(settings.comment())));
        }
        statements.addAll(new DatabaseGrants(name, settings).statements());
        statements.add(Notes.set(name, Notes.CONNECTION_LIMIT, String.valueOf(settings.connectionLimit())));
        notes.forEach((note, value) -> statements.add(Notes.set(name, note, value)));
        statements.add(Notes.set(name, Notes.RESTORED_FROM, mark));
        try {
            server.transaction(statements);
        } catch (FailureException e) {
            throw e.passing() ? e : new io.firedrill.failure.Failure(
                            "restore-failed",
                            "The settings and grants of %s cannot be put on %s: %s".formatted(settings.owner(), name, e.failure().what()),
                            "Its data is restored beside the damaged database, which is untouched.",
                            e.failure().next())
                    .lasting(e);
        }
    }

    private List<String> configure(Setting setting) {
        String what = setting.role() == null
                ? "alter database %s set %s".formatted(Sql.name(name), Sql.name(setting.name()))
                : "alter role %s in database %s set %s".formatted(Sql.name(setting.role()), Sql.name(name), Sql.name(setting.name()));
        return LISTS.contains(setting.name())
                ? List.of("select set_config(%s, %s, true)".formatted(Sql.text(setting.name()), Sql.text(setting.value())),
                        what + " from current")
                : List.of(what + " to " + Sql.text(setting.value()));
    }
}
