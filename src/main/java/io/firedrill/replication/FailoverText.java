package io.firedrill.replication;

import io.firedrill.plan.ReplicationPlan;
import java.util.stream.Collectors;

/** What an approver of a failover must know, in Markdown: what was seen, what will be done, what it costs. */
public final class FailoverText {
    private FailoverText() {}

    public static String of(ReplicationPlan plan, Verdict verdict) {
        String witnesses = verdict.witnesses().stream()
                .map(one -> "- %s: **%s**, %s".formatted(one.who(), one.says(), one.text()))
                .collect(Collectors.joining("\n"));
        NodeState candidate = verdict.candidate();
        String standby = candidate == null
                ? "**No standby answers that could be promoted.**"
                : "**%s** (%s) becomes the primary. It has WAL up to %s; its last transaction was committed %s.".formatted(
                        candidate.node(), candidate.address(), candidate.lsn(),
                        candidate.replayedAt() == null ? "at a time that it does not tell" : "at " + candidate.replayedAt());
        return switch (plan) {
            case ReplicationPlan.Plain plain -> plain(verdict, witnesses, standby);
            case ReplicationPlan.Patroni patroni -> patroni(verdict, witnesses, standby);
        };
    }

    private static String patroni(Verdict verdict, String witnesses, String standby) {
        return """
                %s

                %s

                %s Patroni is asked to make it that, and keeps every other node from taking writes by its lease.

                **What it may lose:** in Patroni's synchronous mode nothing that was acknowledged; otherwise transactions that no \
                standby has received. A standby repeats what was done to the data: no failover cures deleted rows or dropped tables.

                **It cannot be undone.** Going back is a switchover, without loss, once the old primary is a standby again.
                """.formatted(verdict.text(), witnesses, standby).strip();
    }

    private static String plain(Verdict verdict, String witnesses, String standby) {
        return """
                %s

                %s

                %s Before that **%s** is stopped or cut off, and can only start as a standby after that; its data stays where it is.

                **What it may lose:** transactions that no standby has received; they are counted afterwards, and the old primary's \
                WAL with them is kept. A standby repeats what was done to the data: no failover cures deleted rows or dropped tables.

                **It cannot be undone.** Going back is a switchover, without loss, once the old primary is a standby again.
                """.formatted(verdict.text(), witnesses, standby, verdict.primary()).strip();
    }
}
