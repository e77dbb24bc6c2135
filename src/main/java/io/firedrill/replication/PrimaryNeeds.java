package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.plan.ReplicationPlan.Replicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PasswordUtil;

/** What a primary must be set to so that standbys can follow it (manual, "Log-Shipping Standby Servers"). */
final class PrimaryNeeds {
    private static final Duration SQL = Duration.ofSeconds(30);

    private final NodeServer primary;
    private final Postmaster postmaster;
    private final Replicator replicator;
    private final int nodes;

    PrimaryNeeds(NodeServer primary, Postmaster postmaster, Replicator replicator, int nodes) {
        this.primary = primary;
        this.postmaster = postmaster;
        this.replicator = replicator;
        this.nodes = nodes;
    }

    /** @param standby whose address pg_hba.conf must let in */
    List<Need> missing(Node standby) {
        return primary.ask(SQL, statement -> {
            List<Need> needs = new ArrayList<>();
            String level = setting(statement, "wal_level");
            if (level.equals("minimal")) {
                needs.add(new Need("setting", "wal_level", "replica", true, "wal_level is minimal; standbys need replica"));
            }
            // A base backup takes two besides the standbys.
            atLeast(statement, "max_wal_senders", nodes + 2, needs);
            atLeast(statement, "max_replication_slots", nodes + 2, needs);
            if (!NodeServer.bool(statement, "select exists (select from pg_roles where rolname = %s and rolreplication and rolcanlogin)"
                    .formatted(NodeServer.literal(replicator.user())))) {
                needs.add(new Need("role", replicator.user(), "login replication", false,
                        "there is no role %s that may sign in and replicate".formatted(replicator.user())));
            }
            String line = "host replication %s %s %s".formatted(
                    replicator.user(), address(standby.server().host()), replicator.passwordFile().isPresent() ? "scram-sha-256" : "trust");
            if (!letsIn(statement)) {
                needs.add(new Need("hba", "", line, false, "pg_hba.conf lets nobody replicate as %s: %s".formatted(replicator.user(), line)));
            }
            return needs;
        });
    }

    private static void atLeast(Statement statement, String name, int least, List<Need> needs) throws SQLException {
        int now = Integer.parseInt(setting(statement, name));
        if (now < least) {
            needs.add(new Need("setting", name, String.valueOf(least), true, "%s is %d; %d are needed".formatted(name, now, least)));
        }
    }

    private static String setting(Statement statement, String name) throws SQLException {
        return NodeServer.text(statement, "show " + name).orElse("");
    }

    /** Whether any line of pg_hba.conf is about this role replicating; whether it fits the address shows when it connects. */
    private boolean letsIn(Statement statement) throws SQLException {
        return NodeServer.bool(statement, ("select exists (select from pg_hba_file_rules where error is null and 'replication' = any(database)"
                + " and (%1$s = any(user_name) or 'all' = any(user_name)) and auth_method <> 'reject' and type <> 'local')")
                        .formatted(NodeServer.literal(replicator.user())));
    }

    private static String address(String host) {
        return host.matches("[0-9.]+") ? host + "/32" : host.contains(":") ? host + "/128" : host;
    }

    /** Does what was approved; what is done already stays. Restarts the primary when one of them needs it. */
    void apply(List<Need> needs) {
        for (Need need : needs) {
            switch (need.kind()) {
                case "setting" -> primary.run(SQL, "alter system set %s = %s".formatted(need.name(), NodeServer.literal(need.value())));
                case "role" -> makeRole(need.name());
                case "hba" -> addLine(need.value());
                default -> throw new IllegalArgumentException(need.kind());
            }
        }
        primary.run(SQL, "select pg_reload_conf()");
        if (needs.stream().anyMatch(Need::restart)) {
            postmaster.stop();
            postmaster.start();
        }
    }

    /** The server gets the password's verifier, never the password: statements may be logged. */
    private void makeRole(String role) {
        String quoted = '"' + role.replace("\"", "\"\"") + '"';
        String password = replicator.passwordFile().map(file -> " password " + NodeServer.literal(verifier(role, file))).orElse("");
        primary.ask(SQL, statement -> {
            boolean there = NodeServer.bool(statement, "select exists (select from pg_roles where rolname = %s)".formatted(NodeServer.literal(role)));
            return statement.execute((there ? "alter role " : "create role ") + quoted + " login replication" + password);
        });
    }

    private static String verifier(String role, Path passwordFile) {
        try {
            String password = Files.readString(passwordFile).replaceFirst("\\r?\\n$", "");
            return PasswordUtil.encodePassword(role, password.toCharArray(), "scram-sha-256");
        } catch (IOException | SQLException e) {
            throw new Failure(
                            "password-file",
                            "The password in %s cannot be used: %s.".formatted(passwordFile, e.getMessage()),
                            "No role was made.",
                            "Put the password into that file, readable by the user that runs Firedrill, then try again.")
                    .lasting(e);
        }
    }

    /** Written by the server itself; a file that it then cannot read as a whole is put back. */
    private void addLine(String line) {
        primary.ask(SQL, statement -> {
            String file = setting(statement, "hba_file");
            String before = NodeServer.text(statement, "select pg_read_file(%s)".formatted(NodeServer.literal(file))).orElse("");
            if (before.lines().anyMatch(line::equals)) {
                return true;
            }
            write(statement, file, before + (before.endsWith("\n") ? "" : "\n") + line + "\n");
            Optional<String> error = NodeServer.text(statement, "select error from pg_hba_file_rules where error is not null");
            if (error.isPresent()) {
                write(statement, file, before);
                throw new Failure(
                                "hba-refused",
                                "%s would not be readable with the line '%s': %s".formatted(file, line, error.get()),
                                "The file is as it was.",
                                "Let the role %s replicate by a line of your own, then try again.".formatted(replicator.user()))
                        .lasting();
            }
            return true;
        });
    }

    private static void write(Statement statement, String file, String content) throws SQLException {
        try (ResultSet row = statement.executeQuery("select lo_from_bytea(0, convert_to(%s, 'UTF8'))".formatted(NodeServer.literal(content)))) {
            row.next();
            long object = row.getLong(1);
            statement.execute("select lo_export(%d, %s), lo_unlink(%1$d)".formatted(object, NodeServer.literal(file)));
        }
    }
}
