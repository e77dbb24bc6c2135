package io.firedrill.plan;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a service's {@code backups}. */
final class BackupReader {
    private static final String EXAMPLE = "- {kind: logical, schedule: \"0 0 2 * * *\", keep: {days: 7, weeks: 4}}";
    static final Keys KEYS = Keys.of("kind", "schedule", "keep", "wal");
    static final Keys KEEP_KEYS = Keys.of("days", "weeks", "months", "years", "atLeast");
    private static final List<String> KINDS = List.of("logical", "physical", "files");
    private static final int MOST = 9999;

    /** An entry and where it stands. */
    private record Placed(BackupEntry entry, Value at) {}

    private record Clash(String how, String instead) {}

    private final String service;
    private final Contents contents;
    private final Set<Repository.Tool> tools;
    private final Map<BackupKind, List<Placed>> byKind = new EnumMap<>(BackupKind.class);

    /**
     * @param service what messages call it: {@code service 'shop'}
     * @param tools that have the physical backups and WAL of all its servers; none: there is a server without one
     */
    BackupReader(String service, Contents contents, Set<Repository.Tool> tools) {
        this.service = service;
        this.contents = contents;
        this.tools = tools;
    }

    /** Without {@code backups}: one entry for each kind that the service has something for, taken by hand. */
    List<BackupEntry> readAll(Optional<Value> value) {
        if (value.isEmpty()) {
            return byHand();
        }
        List<BackupEntry> entries = new ArrayList<>();
        for (Value item : value.get().items("backups: [%s]".formatted(EXAMPLE.substring(2)))) {
            read(item).ifPresent(entry -> {
                compare(new Placed(entry, item));
                entries.add(entry);
            });
        }
        return entries;
    }

    private List<BackupEntry> byHand() {
        List<BackupEntry> entries = new ArrayList<>();
        if (!contents.databases().isEmpty()) {
            entries.add(new BackupEntry(BackupKind.LOGICAL, Optional.empty(), Keep.DEFAULT));
        }
        if (!contents.fileSets().isEmpty()) {
            entries.add(new BackupEntry(BackupKind.FILES, Optional.empty(), Keep.DEFAULT));
        }
        return entries;
    }

    private Optional<BackupEntry> read(Value item) {
        Section section = Section.open(item, "a backup", KEYS, EXAMPLE);
        Optional<BackupKind> kind = section.required("kind", "logical").flatMap(this::kind);
        Optional<String> schedule = section.optional("schedule").flatMap(BackupReader::schedule);
        Keep keep = section.optional("keep").map(value -> keep(value, kind)).orElse(Keep.DEFAULT);
        boolean wal = section.optional("wal").map(value -> continuous(value, kind)).orElse(false);
        return kind.map(known -> new BackupEntry(known, schedule, keep, wal));
    }

    private Optional<BackupKind> kind(Value value) {
        return value.text().flatMap(word -> switch (word) {
            case "logical" -> needs(contents.databases().isEmpty(), value, BackupKind.LOGICAL, "databases");
            case "files" -> needs(contents.fileSets().isEmpty(), value, BackupKind.FILES, "files");
            case "physical" -> needs(contents.databases().isEmpty(), value, BackupKind.PHYSICAL, "databases");
            default -> {
                value.mistake("There is no kind of backup '%s'.".formatted(word), Keys.advice(word, KINDS, "Kinds"));
                yield Optional.empty();
            }
        });
    }

    private boolean continuous(Value value, Optional<BackupKind> kind) {
        if (kind.isPresent() && kind.get() != BackupKind.PHYSICAL) {
            value.mistakeAtKey(
                    "'wal' is for physical backups; this one is %s.".formatted(kind.get().word()),
                    "Remove it, or write kind: physical.");
            return false;
        }
        if (!tools.isEmpty()) {
            value.mistakeAtKey(
                    "WAL is archived by %s already.".formatted(RepositoryReader.titles(tools)),
                    "Remove it: every moment that the WAL there reaches can be restored.");
            return false;
        }
        return value.text()
                .map(word -> {
                    if (!word.equals("continuous")) {
                        value.mistake(
                                "'wal' is '%s'.".formatted(word),
                                "Write wal: continuous, or remove it: then a backup restores to its own moment only.");
                    }
                    return word.equals("continuous");
                })
                .orElse(false);
    }

    private Optional<BackupKind> needs(boolean missing, Value value, BackupKind kind, String key) {
        if (missing) {
            value.mistake(
                    "%s has no %s, so there is nothing for a %s backup."
                            .formatted(Section.capitalised(service), key, kind.word()),
                    "Remove the entry, or add %s to the service.".formatted(key));
        }
        return Optional.of(kind);
    }

    /** Also a drill's and a check's. */
    static Optional<String> schedule(Value value) {
        return value.text().flatMap(text -> {
            String cron = text.strip().replaceAll("\\s+", " ");
            Optional<String> problem = Cron.problem(cron);
            problem.ifPresent(what -> value.mistake("The schedule '%s' %s.".formatted(text, what), Cron.ACCEPTED));
            return problem.isEmpty() ? Optional.of(cron) : Optional.empty();
        });
    }

    private Keep keep(Value value, Optional<BackupKind> kind) {
        if (!tools.isEmpty() && kind.filter(known -> known == BackupKind.PHYSICAL).isPresent()) {
            value.mistakeAtKey(
                    "How long physical backups are kept is said in the configuration of %s.".formatted(RepositoryReader.titles(tools)),
                    "Remove it here; set pgBackRest's repo1-retention-full or Barman's retention_policy there.");
        }
        Section section = Section.open(value, "keep", KEEP_KEYS, "keep: {days: 7, weeks: 4}");
        return new Keep(
                count(section, "days", 0, 0),
                count(section, "weeks", 0, 0),
                count(section, "months", 0, 0),
                count(section, "years", 0, 0),
                count(section, "atLeast", 1, Keep.DEFAULT.atLeast()));
    }

    private static int count(Section section, String key, int least, int otherwise) {
        return section.optional(key).flatMap(value -> value.number(least, MOST)).orElse(otherwise);
    }

    /**
     * Entries of one kind differ in when, never in anything else: a backup does not remember which entry asked for it,
     * so the kind has one retention, and taking one by hand needs no entry.
     */
    private void compare(Placed later) {
        List<Placed> earlier = byKind.computeIfAbsent(later.entry.kind(), kind -> new ArrayList<>());
        for (Placed first : earlier) {
            Optional<Clash> clash = clash(first.entry, later.entry);
            if (clash.isPresent()) {
                int line = first.at.node().getStartMark().getLine() + 1;
                String kind = later.entry.kind().word();
                later.at.mistake(
                        "Two %s backups alike: another on line %d %s.".formatted(kind, line, clash.get().how),
                        clash.get().instead);
                break;
            }
        }
        earlier.add(later);
    }

    private static Optional<Clash> clash(BackupEntry first, BackupEntry later) {
        if (later.schedule().equals(first.schedule())) {
            return Optional.of(new Clash("has the same schedule", "Give one another schedule, or remove it."));
        }
        if (later.schedule().isEmpty() || first.schedule().isEmpty()) {
            return Optional.of(new Clash(
                    "is there already, and one of them has no schedule",
                    "Keep the one with the schedule: backups by hand are always possible."));
        }
        if (later.continuousWal() != first.continuousWal()) {
            return Optional.of(new Clash("has another wal", "Write the same wal in both: it is one per server."));
        }
        return later.keep().equals(first.keep())
                ? Optional.empty()
                : Optional.of(new Clash("has another keep", "Write the same keep in both: it is one per kind."));
    }
}
