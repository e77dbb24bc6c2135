package io.firedrill.replication;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.replication.Replication.Loss;
import io.firedrill.replication.Replication.Promoted;
import io.firedrill.tool.Command;
import io.firedrill.tool.Lsn;
import io.firedrill.tool.Programs;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Counts in the old primary's own WAL what was committed there after the new primary's timeline branched off. */
final class LostWal {
    private static final Duration DEADLINE = Duration.ofMinutes(10);
    private static final Pattern RECORD = Pattern.compile("rmgr: (\\w+) .*?len \\(rec/tot\\):\\s*\\d+/\\s*(\\d+).*?lsn: ([0-9A-F]+/[0-9A-F]+)");
    private static final Pattern COMMIT = Pattern.compile("desc: COMMIT (?:PREPARED )?(\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d\\.\\d+)");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS");

    private final Node old;
    private final NodeHost host;

    LostWal(Node old, NodeHost host) {
        this.old = old;
        this.host = host;
    }

    /** @param synchronous whether the plan has commits wait for the promoted node */
    Loss since(Promoted promoted, @Nullable Instant lastAlive, boolean synchronous) {
        boolean waited = synchronous && waitedFor(promoted.node());
        if (promoted.oldTimeline() > 0) {
            try {
                // Exit 1 is the end of the log; what could not be read at all has printed nothing.
                Command.Result<String> dump = host.run(DEADLINE, "env", "TZ=UTC", waldump(), "--path=" + old.data().resolve("pg_wal"),
                        "--timeline=" + promoted.oldTimeline(), "--start=" + promoted.lsn());
                if (dump.succeeded() || atTheEnd(dump.stderr())) {
                    return counted(dump.value().lines().toList(), promoted, waited);
                }
            } catch (FailureException e) {
                // Its host is gone with the WAL.
            }
        }
        return unknown(promoted, lastAlive, waited);
    }

    private String waldump() {
        return old.bin().map(bin -> bin.resolve("pg_waldump").toString()).orElseGet(() -> Programs.find("pg_waldump"));
    }

    /** The log ends at the very branch or later; a folder that is not there ends nowhere. */
    private static boolean atTheEnd(String said) {
        return Pattern.compile("error in WAL record|could not find a valid record after|invalid record length|invalid magic number|"
                        + "unexpected pageaddr|contrecord").matcher(said).find();
    }

    /** As the old primary's own configuration says. */
    private boolean waitedFor(String node) {
        try {
            Command.Result<String> settings = host.run(Duration.ofSeconds(20), "cat", old.data().resolve("postgresql.auto.conf").toString());
            return settings.succeeded()
                    && settings.value().lines().filter(line -> line.startsWith("synchronous_standby_names"))
                            .reduce((first, last) -> last)
                            .filter(line -> line.contains("\"" + node + "\""))
                            .isPresent();
        } catch (FailureException e) {
            return false;
        }
    }

    private static Loss counted(List<String> records, Promoted promoted, boolean waited) {
        long transactions = 0;
        long end = Lsn.parse(promoted.lsn()).value();
        Instant newest = null;
        for (String line : records) {
            Matcher record = RECORD.matcher(line);
            if (record.find()) {
                end = Math.max(end, Lsn.parse(record.group(3)).value() + Long.parseLong(record.group(2)));
            }
            Matcher commit = COMMIT.matcher(line);
            if (line.startsWith("rmgr: Transaction") && commit.find()) {
                transactions++;
                newest = LocalDateTime.parse(commit.group(1), TIME).toInstant(ZoneOffset.UTC);
            }
        }
        long bytes = end - Lsn.parse(promoted.lsn()).value();
        double seconds = newest == null || promoted.replayedAt() == null || waited
                ? 0
                : Math.max(0, Duration.between(promoted.replayedAt(), newest).toMillis() / 1000.0);
        return new Loss(transactions, bytes, true, seconds, text(transactions, bytes, seconds, waited));
    }

    private static String text(long transactions, long bytes, double seconds, boolean waited) {
        if (transactions == 0) {
            return "no transaction is missing; read from the old primary's own WAL (%s beyond the branch)".formatted(Words.bytes(bytes));
        }
        return waited
                ? "no acknowledged transaction is missing, as commits waited for the standby; %,d that nobody was told of are only in the"
                                .formatted(transactions) + " old primary's WAL"
                : "%,d transactions (%s of WAL, %s) are only in the old primary's WAL, which is kept".formatted(
                        transactions, Words.bytes(bytes), Words.of(Duration.ofMillis(Math.round(seconds * 1000))));
    }

    /** The old primary's WAL cannot be read: at most what was committed between the last transaction there is and its end. */
    static Loss unknown(Promoted promoted, @Nullable Instant lastAlive, boolean waited) {
        if (waited) {
            return new Loss(0L, null, true, 0, "no acknowledged transaction is missing, as commits waited for the standby");
        }
        Instant until = lastAlive == null ? promoted.promotedAt() : lastAlive;
        double seconds = promoted.replayedAt() == null ? 0 : Math.max(0, Duration.between(promoted.replayedAt(), until).toMillis() / 1000.0);
        return new Loss(null, null, false, seconds,
                "the old primary's WAL cannot be read, so it cannot be counted what is missing: at most what was committed in %s, from the"
                                .formatted(Words.of(Duration.ofMillis(Math.round(seconds * 1000))))
                        + " last transaction that is there until the primary was gone");
    }
}
