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
    private final List<String> found = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    DatabasePreflight(Database db, DatabaseFacts facts, Inventory inventory) {
        this.db = db;
        this.facts = facts;
        this.inventory = inventory;
    }

    record Asked(Preflight preflight, List<String> warnings) {}

    /**
     * With warnings for the approver. Lasting failures {@code older-server}, {@code missing-extensions},
     * {@code missing-locale}, {@code missing-tablespace}, {@code target-disk-full}.
     *
     * @param readBytes what the restore fetches from the store
     */
    Asked run(long readBytes) {
        try (Server server = Server.open(db)) {
            version(server);
            extensions(server);
            locale(server);
            tablespace(server);
            privileges(server);
            Optional<FileStore> disk = disk(server);
            Optional<Long> free = space(disk);
            return new Asked(
                    new Preflight(db.name(), "%s:%d".formatted(db.host(), db.port()), readBytes, facts.databaseBytes(),
                            free.orElse(null), disk.map(FileStore::toString).orElse(null), List.copyOf(found)),
                    List.copyOf(warnings));
        }
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
        found.add("PostgreSQL %d, the backup is of %d".formatted(server.majorVersion(), backedUp));
        if (server.majorVersion() > backedUp) {
            warnings.add("The server is PostgreSQL %d, the backup of %d: definitions may print differently and then count as not proven."
                    .formatted(server.majorVersion(), backedUp));
        }
    }

    private void extensions(Server server) {
        List<String> there = new ArrayList<>();
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
            } else {
                there.add(name + " " + version);
            }
        }
        if (!there.isEmpty()) {
            found.add("extensions are there: " + String.join(", ", there));
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

    /** The server itself is asked to use it, in a transaction that is taken back; a standby or a role without rights says nothing. */
    private void locale(Server server) {
        var settings = facts.settings();
        if (!settings.localeProvider().equals("c") || List.of("C", "POSIX").containsAll(List.of(settings.collate(), settings.ctype()))) {
            return;
        }
        Optional<String> refused = server.tryOut("create collation pg_temp.firedrill_looks (provider = libc, lc_collate = %s, lc_ctype = %s)"
                .formatted(Sql.text(settings.collate()), Sql.text(settings.ctype())));
        if (refused.filter(text -> text.contains("could not create locale")).isPresent()) {
            throw new Failure(
                            "missing-locale",
                            "%s:%d lacks the locale of the backup: %s.".formatted(db.host(), db.port(),
                                    settings.collate().equals(settings.ctype())
                                            ? settings.collate()
                                            : settings.collate() + ", " + settings.ctype()),
                            "The database cannot be made there as it was; nothing was changed.",
                            "Make it on that host (Debian: dpkg-reconfigure locales), restart the server, then try again.")
                    .lasting();
        }
        if (refused.isEmpty()) {
            found.add("locale %s is there".formatted(settings.collate()));
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

    private Optional<Long> space(Optional<FileStore> disk) {
        Optional<Long> free = disk.flatMap(DatabasePreflight::free);
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
        return free;
    }

    /** Seen only when the server runs on this host and lets itself be looked at. */
    private Optional<FileStore> disk(Server server) {
        if (!local() || !server.superuser()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Files.getFileStore(target(server)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> free(FileStore disk) {
        try {
            return Optional.of(disk.getUsableSpace());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** The restored database lies where its tablespace does, which is often a disk of its own. */
    private Path target(Server server) {
        return server.value("select nullif(pg_tablespace_location(oid), '') from pg_tablespace where spcname = ?",
                        facts.settings().tablespace())
                .or(() -> server.value("show data_directory"))
                .map(Path::of)
                .orElseThrow();
    }

    private boolean local() {
        try {
            return InetAddress.getByName(db.host()).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
