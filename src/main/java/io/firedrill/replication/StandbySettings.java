package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.plan.ReplicationPlan.Replicator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a standby finds its primary, in PostgreSQL's settings. Passwords are in a file that only its user can read. */
final class StandbySettings {
    private final Node node;
    private final Postmaster postmaster;
    private final Node primary;
    private final Replicator replicator;

    StandbySettings(Node node, Postmaster postmaster, Node primary, Replicator replicator) {
        this.node = node;
        this.postmaster = postmaster;
        this.primary = primary;
        this.replicator = replicator;
    }

    private Path passwords() {
        return node.data().resolveSibling(node.data().getFileName() + ".pgpass");
    }

    /** For replicating and for rewinding (manual, "The Password File"). */
    void writePassword() {
        List<String> lines = new ArrayList<>();
        replicator.passwordFile().ifPresent(file -> lines.add(line(replicator.user(), file)));
        primary.server().passwordFile().ifPresent(file -> lines.add(line(primary.server().user(), file)));
        if (!lines.isEmpty() && postmaster.host().reachable()) {
            postmaster.host().writeSecret(passwords(), String.join("\n", lines) + "\n");
        }
    }

    private static String line(String user, Path passwordFile) {
        try {
            String password = Files.readString(passwordFile).replaceFirst("\\r?\\n$", "");
            return "*:*:*:%s:%s".formatted(escaped(user), escaped(password));
        } catch (IOException e) {
            throw new Failure(
                            "password-file",
                            "The password file %s cannot be read: %s.".formatted(passwordFile, e.getMessage()),
                            "Nothing was done to the standby.",
                            "Put the password into that file, readable by the user that runs Firedrill, then try again.")
                    .lasting(e);
        }
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace(":", "\\:");
    }

    /** For {@code primary_conninfo}. */
    String conninfo(Database at) {
        return conninfo(at, replicator.user(), Optional.empty()) + " application_name=" + quoted(node.name());
    }

    String superuser(Database at) {
        return conninfo(at, at.user(), Optional.of(at.dbname()));
    }

    private String conninfo(Database at, String user, Optional<String> dbname) {
        StringBuilder words = new StringBuilder("host=%s port=%d user=%s connect_timeout=10".formatted(quoted(at.host()), at.port(), quoted(user)));
        dbname.ifPresent(name -> words.append(" dbname=").append(quoted(name)));
        if (replicator.passwordFile().isPresent() || at.passwordFile().isPresent()) {
            words.append(" passfile=").append(quoted(passwords().toString()));
        }
        at.parameters().forEach((name, value) -> {
            if (name.startsWith("ssl") && !name.equals("sslkey") && !name.equals("sslcert")) {
                words.append(' ').append(name).append('=').append(quoted(value));
            }
        });
        return words.toString();
    }

    private static String quoted(String value) {
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }

    /** For a standby that runs; both take a reload only. */
    String[] statements() {
        return new String[] {
            "alter system set primary_conninfo = " + NodeServer.literal(conninfo(primary.server())),
            "alter system set primary_slot_name = " + NodeServer.literal(node.slot()),
            "select pg_reload_conf()"
        };
    }

    /** For a stopped one: the last line of each name counts. */
    void append(Database at) {
        StringBuilder lines = new StringBuilder("primary_conninfo = %s\nprimary_slot_name = %s\nsynchronous_standby_names = ''\n".formatted(
                NodeServer.literal(conninfo(at)), NodeServer.literal(node.slot())));
        if (node.server().port() != primary.server().port()) {
            lines.append("port = ").append(node.server().port()).append('\n');
        }
        lines.append("recovery_target_timeline = 'latest'\n");
        postmaster.host().append(postmaster.file("postgresql.auto.conf"), lines.toString());
    }
}
