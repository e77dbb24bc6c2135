package io.firedrill.console.page;

import io.firedrill.console.Standings;
import io.firedrill.console.Standings.ServiceStatus;
import io.firedrill.history.Run;
import io.firedrill.history.Task;
import io.firedrill.physical.WalStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One service on the page Now.
 *
 * @param going runs that have not ended
 * @param lastRecovery the newest that has, or null
 * @param undo the incident whose recovery can still be undone, or null
 * @param wal of each server whose WAL is received all the time
 * @param replicated whether the plan names standbys; {@code replicas} is null then until they were looked at once
 */
public record Card(
        ServiceStatus status,
        Verdict verdict,
        List<Run> going,
        List<Task> waiting,
        @Nullable Run lastRecovery,
        @Nullable Proof lastProof,
        @Nullable String undo,
        List<WalStatus> wal,
        boolean replicated,
        @Nullable Replicas replicas) {
    /** The worst of its facts: {@code mood} is {@code good}, {@code open} or {@code bad}; {@code text} is one sentence. */
    public record Verdict(String mood, String text) {}

    /** The newest restore that was proven whole, for real or in a drill. */
    public record Proof(long run, Instant at, boolean drill) {}

    /** @param recoveries that have ended, newest first */
    static Card of(
            ServiceStatus status, List<Run> going, List<Task> waiting, List<Run> recoveries, @Nullable String undo, List<WalStatus> wal,
            boolean replicated, @Nullable Replicas replicas) {
        return new Card(
                status, verdict(status, going, wal, replicas), going, waiting, recoveries.isEmpty() ? null : recoveries.getFirst(),
                proof(status, recoveries), undo, wal, replicated, replicas);
    }

    private static @Nullable Proof proof(ServiceStatus status, List<Run> recoveries) {
        Proof real = recoveries.stream()
                .filter(run -> "proven".equals(run.outcome()))
                .findFirst()
                .map(run -> new Proof(run.id(), run.startedAt(), false))
                .orElse(null);
        Standings.LastDrill drill = status.lastDrill();
        boolean rehearsed = drill != null && drill.outcome().equals("proven") && (real == null || drill.at().isAfter(real.at()));
        return rehearsed ? new Proof(drill.run(), drill.at(), true) : real;
    }

    static Verdict verdict(ServiceStatus status, List<Run> going, List<WalStatus> wal, @Nullable Replicas replicas) {
        String name = status.name();
        List<Run> recovering = going.stream().filter(run -> run.process().equals("disaster-recovery")).toList();
        List<Run> stuck = going.stream().filter(run -> run.state().equals("stuck")).toList();
        if (!stuck.isEmpty()) {
            return new Verdict("bad", "%s: %s is stuck; somebody must look at it.".formatted(name, stuck.getFirst().name()));
        }
        // Once the outcome stands only the analysis goes on: the service is back.
        if (recovering.stream().anyMatch(run -> run.outcome() == null)) {
            return new Verdict("bad", "%s is being recovered.".formatted(name));
        }
        if (replicas != null && replicas.mood().equals("bad")) {
            return new Verdict("bad", "%s: %s.".formatted(name, replicas.trouble()));
        }
        if (status.newestBackup() == null) {
            return new Verdict("bad", "%s: not all of it has a good backup.".formatted(name));
        }
        if (!status.withinRpo()) {
            return new Verdict("open", "%s: the newest good backup is older than the objective.".formatted(name));
        }
        if (wal.stream().anyMatch(one -> one.gap() != null || one.trouble() != null)) {
            return new Verdict("open", "%s: receiving its WAL is hindered.".formatted(name));
        }
        if (replicas != null && replicas.trouble() != null) {
            return new Verdict("open", "%s: %s.".formatted(name, replicas.trouble()));
        }
        return new Verdict("good", "%s is within its objectives.".formatted(name));
    }
}
