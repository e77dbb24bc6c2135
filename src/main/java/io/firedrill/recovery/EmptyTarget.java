package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.Database;
import io.firedrill.proof.FileTreeContents;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.proof.Proof;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.store.Manifest;
import io.firedrill.tool.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where a backup may be restored to without anybody's approval: a place that is not there yet, or that holds nothing. */
public sealed interface EmptyTarget {
    /** As a person reads it. */
    String address();

    /** Where the restore goes until it is proven; always the same for one backup, so that another try finds it. */
    String beside(Manifest manifest);

    long bytes(Manifest manifest);

    /** Changes nothing; returns warnings. Lasting failure {@code target-not-empty} and those of the preflights. */
    List<String> check(Shelf shelf);

    void restore(Shelf shelf, Progress progress);

    Proof prove(Shelf shelf, Progress progress);

    /** Returns the new name of what was there before; null when nothing was. */
    @Nullable String putInPlace(Shelf shelf);

    private static FailureException notEmpty(String target, String holds) {
        return new Failure(
                        "target-not-empty",
                        "%s is not empty: it holds %s.".formatted(target, holds),
                        "Nothing was changed: this command never touches what is there.",
                        "Name one that does not exist yet or is empty.")
                .lasting();
    }

    /** A database that does not exist, or exists without anything in it. */
    record NewDatabase(Database database) implements EmptyTarget {
        /** One row: what there is besides what every new database has and what extensions brought. */
        private static final String CONTENTS = """
                with own as (select classid, objid from pg_depend where deptype = 'e'),
                schemas as (select oid from pg_namespace where nspname <> 'information_schema' and nspname !~ '^pg_')
                select (select count(*) from pg_class c where relnamespace in (select oid from schemas)
                            and ('pg_class'::regclass, c.oid) not in (select classid, objid from own)) as relations,
                       (select count(*) from pg_proc p where pronamespace in (select oid from schemas)
                            and ('pg_proc'::regclass, p.oid) not in (select classid, objid from own)) as functions,
                       (select count(*) from pg_type t where typnamespace in (select oid from schemas) and typrelid = 0
                            and typelem = 0 and ('pg_type'::regclass, t.oid) not in (select classid, objid from own)) as types,
                       (select count(*) from pg_largeobject_metadata) as "large objects",
                       (select count(*) from schemas s join pg_namespace n using (oid) where nspname <> 'public'
                            and ('pg_namespace'::regclass, s.oid) not in (select classid, objid from own)) as schemas
                """;

        @Override
        public String address() {
            return "database " + database.address();
        }

        @Override
        public String beside(Manifest manifest) {
            return Names.beside(database.dbname(), manifest.id().value());
        }

        @Override
        public long bytes(Manifest manifest) {
            return Objects.requireNonNull(manifest.database(), "a logical backup has facts of its database").databaseBytes();
        }

        @Override
        public List<String> check(Shelf shelf) {
            List<String> warnings = new ArrayList<>();
            try (Server server = Server.open(database)) {
                if (server.exists(database.dbname())) {
                    if (server.sessions(database.dbname()) > 0) {
                        throw inUse();
                    }
                    requireEmpty();
                    warnings.add("Database %s exists and is empty; it is renamed to %s, then the restored one gets its name."
                            .formatted(database.dbname(), setAside(shelf.manifest())));
                }
            }
            Manifest manifest = shelf.manifest();
            warnings.addAll(new DatabasePreflight(database, Objects.requireNonNull(manifest.database()), shelf.inventory())
                    .run(shelf.storedBytes())
                    .warnings());
            return warnings;
        }

        private void requireEmpty() {
            try (Connection connection = PgConnections.open(database);
                    Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery(CONTENTS)) {
                row.next();
                List<String> holds = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    if (row.getLong(i) > 0) {
                        holds.add(row.getLong(i) + " " + row.getMetaData().getColumnLabel(i));
                    }
                }
                if (!holds.isEmpty()) {
                    throw notEmpty(address(), String.join(", ", holds));
                }
            } catch (SQLException e) {
                throw PgFailures.running(database, e);
            }
        }

        private FailureException inUse() {
            return new Failure("target-in-use", "%s has sessions.".formatted(address()),
                            "Somebody uses it; nothing was changed: this command takes only what nobody uses.", "End them, or name another database.")
                    .lasting();
        }

        @Override
        public void restore(Shelf shelf, Progress progress) {
            new RestoreDatabase(database, target(shelf), () -> ShelfDump.open(shelf), progress).run();
        }

        @Override
        public Proof prove(Shelf shelf, Progress progress) {
            return Proving.database(database.onDatabase(beside(shelf.manifest())), shelf, progress);
        }

        @Override
        public @Nullable String putInPlace(Shelf shelf) {
            String beside = beside(shelf.manifest());
            try (Server server = Server.open(database)) {
                List<String> statements = new ArrayList<>();
                @Nullable String aside = null;
                if (server.exists(database.dbname())) {
                    requireEmpty();
                    aside = setAside(shelf.manifest());
                    statements.add(renaming(database.dbname(), aside));
                }
                String limit = Notes.connectionLimit(server, beside);
                statements.add(renaming(beside, database.dbname()));
                statements.add("alter database %s connection limit %s".formatted(Sql.name(database.dbname()), limit));
                statements.add(Notes.reset(database.dbname(), Notes.CONNECTION_LIMIT));
                statements.add(Notes.reset(database.dbname(), Notes.RESTORED_FROM));
                server.transaction(statements);
                return aside;
            }
        }

        private String setAside(Manifest manifest) {
            return Names.setAside(database.dbname(), manifest.id().value());
        }

        private static String renaming(String from, String to) {
            return "alter database %s rename to %s".formatted(Sql.name(from), Sql.name(to));
        }

        private DatabaseTarget target(Shelf shelf) {
            Manifest manifest = shelf.manifest();
            var contents = Objects.requireNonNull(manifest.contents(), "a logical backup has contents");
            return new DatabaseTarget(manifest.source(), database.dbname(), manifest.id().value(), "store", manifest.snapshotAt(),
                    contents.tables().size(), contents.rows(), shelf.need("dump").plainBytes(), beside(manifest), setAside(manifest));
        }
    }

    /** A folder that does not exist, or exists without anything in it. */
    record NewFolder(Path folder) implements EmptyTarget {
        public NewFolder {
            folder = folder.toAbsolutePath().normalize();
            if (folder.getParent() == null) {
                throw new Failure("bad-target-url", "The root folder cannot be restored into.", "Nothing was changed.",
                                "Name a folder that does not exist yet or is empty.")
                        .lasting();
            }
        }

        @Override
        public String address() {
            return "folder " + folder;
        }

        @Override
        public String beside(Manifest manifest) {
            return Names.besidePath(folder, manifest.id().value()).toString();
        }

        @Override
        public long bytes(Manifest manifest) {
            return contents(manifest).bytes();
        }

        private static FileTreeContents contents(Manifest manifest) {
            return Objects.requireNonNull(manifest.files(), "a files backup has contents");
        }

        @Override
        public List<String> check(Shelf shelf) {
            requireEmpty();
            new FilesPreflight("target", folder, contents(shelf.manifest())).run(shelf.storedBytes());
            return List.of();
        }

        private void requireEmpty() {
            if (!CutOverFiles.there(folder)) {
                return;
            }
            if (!Files.isDirectory(folder)) {
                throw notEmpty(folder.toString(), "a file");
            }
            try (Stream<Path> inside = Files.list(folder)) {
                List<String> names = inside.map(path -> path.getFileName().toString()).sorted().limit(4).toList();
                if (!names.isEmpty()) {
                    throw notEmpty(folder.toString(), String.join(", ", names.stream().limit(3).toList())
                            + (names.size() > 3 ? " and more" : ""));
                }
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public void restore(Shelf shelf, Progress progress) {
            Manifest manifest = shelf.manifest();
            String beside = beside(manifest);
            new RestoreFiles(
                            new FilesTarget(manifest.source(), folder.toString(), manifest.id().value(), "store",
                                    manifest.snapshotAt(), contents(manifest).files(), contents(manifest).bytes(), beside, beside),
                            shelf, progress)
                    .run();
        }

        @Override
        public Proof prove(Shelf shelf, Progress progress) {
            return Proving.files(Path.of(beside(shelf.manifest())), null, shelf, progress);
        }

        /** A rename replaces an empty folder and nothing else. */
        @Override
        public @Nullable String putInPlace(Shelf shelf) {
            requireEmpty();
            try {
                Files.move(Path.of(beside(shelf.manifest())), folder, StandardCopyOption.ATOMIC_MOVE);
                return null;
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private FailureException failed(IOException e) {
            return new Failure("restore-failed", "%s: %s".formatted(folder, e), "What was there is untouched.",
                            "Let this user write to %s, then try again.".formatted(folder.getParent()))
                    .lasting(e);
        }
    }
}
