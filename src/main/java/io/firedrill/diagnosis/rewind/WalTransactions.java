package io.firedrill.diagnosis.rewind;

import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts the lines of pg_waldump (PostgreSQL 12 to 17, resource managers Heap, Heap2, Storage, Database and Transaction)
 * together to transactions; each is handed on when its commit is read, an aborted one never. Holds only what is open, so
 * memory does not grow with the log.
 */
final class WalTransactions {
    private static final DateTimeFormatter COMMIT_TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss[.SSSSSS]");
    private static final Pattern COMMIT = Pattern.compile("COMMIT(?:_PREPARED (\\d+):)? (\\S+ [\\d:.]+) \\S+");
    private static final Pattern ABORT_PREPARED = Pattern.compile("ABORT_PREPARED (\\d+):");
    private static final Pattern TUPLES = Pattern.compile("(\\d+) tuples|ntuples:? (\\d+)");
    private static final Pattern DROPPED_DATABASE = Pattern.compile("DROP dir(?:s)? .*?\\d+/(\\d+)");

    /** PgStat_Kind of relations in {@code dropped stats: KIND/DATABASE/OID}. */
    private static final String DROPPED_RELATION = "2";

    private final Predicate<RelationFile> counted;
    private final Consumer<WalTransaction> committed;
    private final Map<Long, OpenTransaction> open = new HashMap<>();

    /** @param counted whose rows to count */
    WalTransactions(Predicate<RelationFile> counted, Consumer<WalTransaction> committed) {
        this.counted = counted;
        this.committed = committed;
    }

    void accept(String line) {
        int description = line.indexOf("desc: ");
        if (description < 0) {
            return;
        }
        String manager = line.substring("rmgr: ".length(), line.indexOf(' ', "rmgr: ".length()));
        long xid = number(line, line.indexOf("tx:") + "tx:".length());
        Lsn lsn = Lsn.parse(upTo(',', line, line.indexOf("lsn: ") + "lsn: ".length()));
        String desc = line.substring(description + "desc: ".length());
        switch (manager) {
            case "Heap", "Heap2" -> heap(xid, lsn, desc);
            case "Storage" -> storage(xid, lsn, desc);
            case "Database" -> database(xid, lsn, desc);
            case "Transaction" -> transaction(xid, lsn, desc);
            default -> { }
        }
    }

    private void heap(long xid, Lsn lsn, String desc) {
        Rows rows = rows(desc);
        if (rows == Rows.NONE) {
            return;
        }
        RelationFile file = relation(desc);
        if (counted.test(file)) {
            transaction(xid, lsn).count(file, rows);
        }
    }

    private static Rows rows(String desc) {
        if (desc.startsWith("DELETE")) {
            return new Rows(0, 0, 1);
        }
        if (desc.startsWith("UPDATE") || desc.startsWith("HOT_UPDATE")) {
            return new Rows(0, 1, 0);
        }
        if (desc.startsWith("INSERT")) {
            return new Rows(1, 0, 0);
        }
        if (desc.startsWith("MULTI_INSERT")) {
            Matcher tuples = TUPLES.matcher(desc);
            String count = !tuples.find() ? "0" : tuples.group(1) == null ? tuples.group(2) : tuples.group(1);
            return new Rows(Long.parseLong(count), 0, 0);
        }
        return Rows.NONE;
    }

    /** {@code … blkref #0: rel 1663/5/16384 blk 0 …} */
    private static RelationFile relation(String desc) {
        int at = desc.indexOf("rel ", desc.indexOf("blkref #0")) + "rel ".length();
        int first = desc.indexOf('/', at);
        int second = desc.indexOf('/', first + 1);
        return new RelationFile(number(desc, at), number(desc, first + 1), number(desc, second + 1));
    }

    private void storage(long xid, Lsn lsn, String desc) {
        if (desc.startsWith("CREATE ")) {
            RelationFile.ofPath(desc.substring("CREATE ".length()).strip())
                    .ifPresent(file -> transaction(xid, lsn).created.add(file));
        }
    }

    private void database(long xid, Lsn lsn, String desc) {
        Matcher dropped = DROPPED_DATABASE.matcher(desc);
        if (dropped.find()) {
            transaction(xid, lsn).droppedDatabases.add(Long.parseLong(dropped.group(1)));
        }
    }

    private void transaction(long xid, Lsn lsn, String desc) {
        Matcher commit = COMMIT.matcher(desc);
        if (commit.lookingAt()) {
            commit(commit.group(1) == null ? xid : Long.parseLong(commit.group(1)), lsn, commit.group(2), desc);
        } else if (desc.startsWith("ABORT")) {
            Matcher prepared = ABORT_PREPARED.matcher(desc);
            open.remove(prepared.lookingAt() ? Long.parseLong(prepared.group(1)) : xid);
            section(desc, "subxacts:").forEach(savepoint -> open.remove(Long.parseLong(savepoint)));
        }
    }

    private void commit(long xid, Lsn lsn, String at, String desc) {
        OpenTransaction whole = Optional.ofNullable(open.remove(xid)).orElseGet(() -> new OpenTransaction(lsn));
        for (String savepoint : section(desc, "subxacts:")) {
            Optional.ofNullable(open.remove(Long.parseLong(savepoint))).ifPresent(whole::join);
        }
        Set<RelationFile> removed = new LinkedHashSet<>();
        section(desc, "rels:").forEach(path -> RelationFile.ofPath(path).ifPresent(removed::add));
        committed.accept(whole.committed(xid, lsn, LocalDateTime.parse(at, COMMIT_TIME).toInstant(ZoneOffset.UTC), removed,
                droppedRelations(desc)));
    }

    private static Set<Long> droppedRelations(String desc) {
        Set<Long> oids = new LinkedHashSet<>();
        for (String stats : section(desc, "dropped stats:")) {
            String[] parts = stats.split("/");
            if (parts.length == 3 && parts[0].equals(DROPPED_RELATION)) {
                oids.add(Long.parseLong(parts[2]));
            }
        }
        return oids;
    }

    /** The words of {@code ; title: word word …}, none when it is not there. */
    private static Set<String> section(String desc, String title) {
        int begin = desc.indexOf("; " + title);
        if (begin < 0) {
            return Set.of();
        }
        begin += title.length() + 2;
        int end = desc.indexOf(';', begin);
        String words = (end < 0 ? desc.substring(begin) : desc.substring(begin, end)).strip();
        return words.isEmpty() ? Set.of() : new LinkedHashSet<>(List.of(words.split("\\s+")));
    }

    private OpenTransaction transaction(long xid, Lsn lsn) {
        return open.computeIfAbsent(xid, none -> new OpenTransaction(lsn));
    }

    private static long number(String text, int from) {
        int begin = from;
        while (text.charAt(begin) == ' ') {
            begin++;
        }
        int end = begin;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return Long.parseLong(text, begin, end, 10);
    }

    private static String upTo(char end, String text, int from) {
        return text.substring(from, text.indexOf(end, from));
    }
}
