package io.firedrill.cli;

import io.firedrill.audit.AuditTrail;
import io.firedrill.audit.Entry;
import io.firedrill.audit.Fact;
import io.firedrill.audit.Outcome;
import io.firedrill.client.Homes;
import io.firedrill.client.Json;
import io.firedrill.engine.Home;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.StorePlan;
import io.firedrill.plan.StoreUrl;
import io.firedrill.plan.TargetUrl;
import io.firedrill.recovery.BackupChoice;
import io.firedrill.recovery.BreakGlass;
import io.firedrill.recovery.EmptyTarget;
import io.firedrill.store.Keys;
import io.firedrill.store.Store;
import io.firedrill.store.StoredBackup;
import io.firedrill.store.Stores;
import io.firedrill.terminal.Terminal;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Break-glass: one backup out of a store, with nothing but the key. */
@Command(
        name = "restore",
        mixinStandardHelpOptions = true,
        description = {
            "Restore one backup with nothing but the store and the key: no server, no plan.",
            "It goes only into a database or folder that does not exist yet or is empty, and is proven before it gets"
                    + " that name."
        })
final class RestoreCommand implements Callable<Integer> {
    /** What there is to restore. */
    enum Kind {
        LOGICAL,
        FILES
    }

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--from", required = true, paramLabel = "STORE",
            description = "A folder's path, or s3://BUCKET/PREFIX?region=R&endpoint=URL (also pathStyle=, credentialsFile=).")
    private String from = "";

    @Option(names = "--list", description = "Only list the backups that fit.")
    private boolean list;

    @Option(names = "--backup", paramLabel = "ID|latest", description = "Which backup. Without it, a list to choose from.")
    private @Nullable String backup;

    @Option(names = "--to", paramLabel = "TIME", description = "The newest backup from this moment or before, e.g. 2026-11-23T08:45:00Z.")
    private @Nullable String to;

    @Option(names = "--service", paramLabel = "NAME", description = "Only backups of this service.")
    private @Nullable String service;

    @Option(names = "--source", paramLabel = "NAME", description = "Only backups of this database or file set.")
    private @Nullable String source;

    @Option(names = "--kind", paramLabel = "logical|files", description = "Only backups of this kind (default: what fits the target).")
    private @Nullable Kind kind;

    @Option(names = "--into", paramLabel = "URL|FOLDER",
            description = "postgresql://USER@HOST:PORT/DATABASE, or a folder. Must not exist or be empty.")
    private @Nullable String into;

    @Option(names = "--key", paramLabel = "FILE", description = "The age key file, when the backup is encrypted.")
    private @Nullable Path key;

    @Option(names = "--password-file", paramLabel = "FILE",
            description = "Holds the database user's password alone (default: ~/.pgpass, or none).")
    private @Nullable Path passwordFile;

    @Option(names = "--dry-run", description = "Show what would be done and whether it can be; change nothing.")
    private boolean dryRun;

    @Option(names = "--json", description = "One JSON object as the last line of standard output.")
    private boolean json;

    @Override
    public Integer call() {
        QuietLibraries.onlyWarnings();
        if (!list && into == null) {
            throw new ParameterException(spec.commandLine(), "Say where to: --into URL|FOLDER, or --list what there is.");
        }
        try (Store store = open()) {
            return list ? tellChoices(store) : restore(store);
        }
    }

    private int tellChoices(Store store) {
        List<StoredBackup> choices = choice(null).among(store);
        if (json) {
            Terminal.onStandardOutput().line(RestoreWords.json(choices).toString());
        } else {
            Terminal.onStandardOutput().lines(RestoreWords.table(choices).lines());
        }
        return Exit.DONE;
    }

    private int restore(Store store) {
        EmptyTarget target = target();
        StoredBackup chosen = choice(target).from(store);
        Keys keys = key == null ? Keys.none() : Keys.read(key);
        BreakGlass glass = new BreakGlass(store, keys);
        BreakGlass.Planned planned = glass.plan(chosen, target);
        Terminal people = people();
        people.lines(RestoreWords.plan(planned, store));
        if (dryRun) {
            people.line("Nothing was changed: this was a dry run.");
            print(RestoreWords.json(planned, store, null));
            return Exit.DONE;
        }
        BreakGlass.Result result = glass.restore(planned, new ProgressLine(people));
        leaveEntry(chosen, target, result.inPlace());
        people.lines(RestoreWords.result(planned, result));
        print(RestoreWords.json(planned, store, result));
        return result.inPlace() ? Exit.DONE : Exit.FAILED;
    }

    /** For the audit trail of the server that works on this host, if one does; that it cannot be left stops nothing. */
    private static void leaveEntry(StoredBackup chosen, EmptyTarget target, boolean inPlace) {
        Home home = Homes.fromLauncher();
        if (!Files.isDirectory(home.folder())) {
            return;
        }
        try {
            AuditTrail.leave(home.audit(), Entry.of(Instant.now(), System.getProperty("user.name"), "break-glass-restore",
                    inPlace ? Outcome.DONE : Outcome.FAILED,
                    Map.of(Fact.BY, "command line", Fact.SERVICE, chosen.manifest().service(), Fact.SUBJECT, chosen.manifest().id().value(),
                            Fact.DETAIL, "into " + target.address())));
        } catch (UncheckedIOException e) {
            Terminal.onStandardError().line("No entry could be left for the audit trail: " + e.getMessage());
        }
    }

    private BackupChoice choice(@Nullable EmptyTarget target) {
        BackupKind wanted = kind == null ? null : BackupKind.valueOf(kind.name());
        if (target != null) {
            BackupKind fitting = BreakGlass.kindFor(target);
            if (wanted != null && wanted != fitting) {
                throw bad("bad-kind", "A %s backup cannot go into %s.".formatted(wanted.word(), target.address()),
                        "Leave --kind out, or name a %s.".formatted(wanted == BackupKind.FILES ? "folder" : "postgresql:// URL"));
            }
            wanted = fitting;
        }
        BackupChoice typed = new BackupChoice(backup, until(), service, source, wanted);
        return target == null || backup != null || to != null ? typed : asked(typed);
    }

    /** A person at a terminal picks from the list; a script must say. */
    private BackupChoice asked(BackupChoice typed) {
        try (Store store = open()) {
            List<StoredBackup> choices = typed.among(store);
            Terminal people = people();
            people.lines(RestoreWords.numbered(choices).lines());
            if (!people.live()) {
                throw bad("bad-choice", "No backup was named.", "Say which: --backup latest, --backup ID or --to TIME.");
            }
            return new BackupChoice(picked(people, choices), typed.until(), typed.service(), typed.source(), typed.kind());
        }
    }

    private static String picked(Terminal people, List<StoredBackup> choices) {
        Optional<String> answer = people.ask("Restore which (1-%d)? ".formatted(choices.size()));
        int number = answer.filter(text -> text.matches("\\d{1,6}")).map(Integer::parseInt).orElse(0);
        if (number < 1 || number > choices.size()) {
            throw bad("bad-choice", "No backup was chosen.", "Answer with a number from the list.");
        }
        return choices.get(number - 1).manifest().id().value();
    }

    private @Nullable Instant until() {
        if (to == null) {
            return null;
        }
        try {
            return OffsetDateTime.parse(to.strip().replace(' ', 'T')).toInstant();
        } catch (DateTimeException e) {
            throw bad("bad-time", "--to: '%s' is not a moment.".formatted(to),
                    "Write it with its time zone, for example 2026-11-23T08:45:00Z.");
        }
    }

    private EmptyTarget target() {
        String where = into == null ? "" : into;
        if (!TargetUrl.isDatabase(where)) {
            return new EmptyTarget.NewFolder(Path.of(where));
        }
        if (passwordFile != null && !Files.isReadable(passwordFile)) {
            throw bad("bad-password-file", "--password-file: %s cannot be read.".formatted(passwordFile), "Name a file that this user can read.");
        }
        return new EmptyTarget.NewDatabase(TargetUrl.read(where, Optional.ofNullable(passwordFile)));
    }

    private Store open() {
        StorePlan plan = StoreUrl.read(from);
        if (plan instanceof StorePlan.Directory folder && !Files.isDirectory(folder.path())) {
            throw bad("unknown-store", "There is no folder %s.".formatted(folder.path()), "Name the folder that the backups lie in.");
        }
        return Stores.open(plan);
    }

    private Terminal people() {
        return json ? Terminal.onStandardError() : Terminal.onStandardOutput();
    }

    private void print(tools.jackson.databind.JsonNode result) {
        if (json) {
            Terminal.onStandardOutput().line(Json.tree(result).toString());
        }
    }

    private static FailureException bad(String code, String what, String next) {
        return new Failure(code, what, "Nothing was changed.", next).lasting();
    }
}
