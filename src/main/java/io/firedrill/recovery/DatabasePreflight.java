package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.proof.Inventory;
import io.firedrill.store.Manifest.DatabaseFacts;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Whether a backup can be restored on a server at all, asked before anybody is asked to approve it. */
final class DatabasePreflight {
    private final Database db;
    private final DatabaseFacts facts;
    private final Inventory inventory;
    private final List<String> warnings = new ArrayList<>();

    DatabasePreflight(Database db, DatabaseFacts facts, Inventory inventory) {
        this.db = db;
        this.facts = facts;
        this.inventory = inventory;
    }

    /** Warnings for the approver. Lasting failures {@code older-server}, {@code missing-extensions}, {@code target-disk-full}. */
    List<String> run() {
        try (Server server = Server.open(db)) {
            version(server);
            extensions(server);
            tablespace(server);
            privileges(server);
            space(server);
            if (!server.exists(db.dbname())) {
                warnings.add("Database %s is not there any more; the restored one gets its name.".formatted(db.dbname()));
            }
        }
        return warnings;
    }

    private void version(Server server) {
        int backedUp = facts.serverVersionNum() / 10_000;
        if (server.majorVersion() < backedUp) {
            throw new Failure(
                            "older-server",
                            "%s:%d is PostgreSQL %d, the backup is of PostgreSQL %d.".formatted(
                                    db.host(), db.port(), server.majorVersion(), backedUp),
                            "An older server cannot take it; nothing was changed.",
                            "Upgrade the server, or choose a backup from before it was replaced.")
                    .lasting();
        }
        if (server.majorVersion() > backedUp) {
            warnings.add("The server is PostgreSQL %d, the backup of %d: definitions may print differently and then count as not proven."
                    .formatted(server.majorVersion(), backedUp));
        }
    }

    private void extensions(Server server) {
        Set<String> missing = new HashSet<>();
        Set<String> available = new HashSet<>(server.column("select name || ' ' || version from pg_available_extension_versions"));
        for (String line : inventory.lines("extensions")) {
            // "name version 1.2 in schema s"
            String name = line.substring(0, line.indexOf(" version ")).replaceAll("^\"|\"$", "");
            String version = line.substring(line.indexOf(" version ") + 9, line.lastIndexOf(" in schema "));
            if (available.stream().noneMatch(one -> one.startsWith(name + " "))) {
                missing.add(name);
            } else if (!available.contains(name + " " + version)) {
                warnings.add("Extension %s was %s; this server has other versions only, so it will count as not proven.".formatted(name, version));
            }
        }
        if (!missing.isEmpty()) {
            throw new Failure(
                            "missing-extensions",
                            "%s:%d lacks extensions of the backup: %s.".formatted(db.host(), db.port(), String.join(", ", missing)),
                            "The backup cannot be restored there as it is; nothing was changed.",
                            "Install their packages on that host, then try again.")
                    .lasting();
        }
    }

    private void tablespace(Server server) {
        String tablespace = facts.settings().tablespace();
        if (server.value("select 1 from pg_tablespace where spcname = ?", tablespace).isEmpty()) {
            throw new Failure(
                            "missing-tablespace",
                            "%s:%d has no tablespace %s.".formatted(db.host(), db.port(), tablespace),
                            "The backup cannot be restored there as it is; nothing was changed.",
                            "CREATE TABLESPACE it, then try again.")
                    .lasting();
        }
    }

    private void privileges(Server server) {
        if (!server.superuser()) {
            warnings.add("%s is no superuser on %s:%d: owners and grants may not come back as they were, and applications cannot be kept"
                    .formatted(db.user(), db.host(), db.port()) + " out of the restored database while it is checked.");
        }
    }

    private void space(Server server) {
        Optional<Long> free = free(server);
        if (free.isEmpty()) {
            warnings.add("Free space on %s cannot be seen from here; about %s more are needed."
                    .formatted(db.host(), Words.bytes(facts.databaseBytes())));
        } else if (free.get() < facts.databaseBytes()) {
            throw new Failure(
                            "target-disk-full",
                            "%s:%d has %s free; restoring beside the damaged database needs about %s.".formatted(
                                    db.host(), db.port(), Words.bytes(free.get()), Words.bytes(facts.databaseBytes())),
                            "There is no room for both; nothing was changed.",
                            "Free space or add some, then try again.")
                    .lasting();
        } else if (free.get() < facts.databaseBytes() * 2) {
            warnings.add("Little space: %s free, about %s needed, and the damaged database stays too."
                    .formatted(Words.bytes(free.get()), Words.bytes(facts.databaseBytes())));
        }
    }

    /** Seen only when the server runs on this host and lets itself be looked at. */
    private Optional<Long> free(Server server) {
        if (!local() || !server.superuser()) {
            return Optional.empty();
        }
        try {
            Path data = Path.of(server.value("show data_directory").orElseThrow());
            FileStore store = Files.getFileStore(data);
            return Optional.of(store.getUsableSpace());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private boolean local() {
        try {
            return InetAddress.getByName(db.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
