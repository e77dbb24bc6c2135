package io.firedrill.runbook;

import io.firedrill.backup.Backups;
import io.firedrill.history.BackupTurns;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.store.BackupId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Process {@code check-backups}: choose the copies that are due, read each back again. */
@Process("check-backups")
public final class CheckBackups {
    private static final String TURN = "check";

    private final RecoveryPlan plan;
    private final Backups backups;
    private final BackupTurns turns;
    private final Clock clock;

    public CheckBackups(RecoveryPlan plan, Backups backups, BackupTurns turns, Clock clock) {
        this.plan = plan;
        this.backups = backups;
        this.turns = turns;
        this.clock = clock;
    }

    public record Of(String service) {}

    public record Copy(String backup, String store) {}

    /** @param until no further copy is begun after this moment */
    public record Due(List<Copy> copies, Instant until, String escalateAfter, String summary) {}

    public Due planCheck(Of of, StepContext context) {
        Service service = plan.service(of.service());
        Optional<Long> other = turns.take(of.service(), List.of(TURN), Long.parseLong(context.run()));
        List<Copy> copies = other.isPresent()
                ? List.of()
                : backups.dueForCheck(of.service()).stream()
                        .map(copy -> new Copy(copy.backup().value(), copy.store()))
                        .toList();
        String summary = other.map(run -> "nothing is checked: run %d checks these backups already".formatted(run))
                .orElseGet(() -> Sentences.due(copies.size(), service.recheck()));
        return new Due(
                copies,
                clock.instant().plus(service.recheck().within()),
                service.approvals().escalateAfter().toString(),
                summary);
    }

    public record CopyOf(Copy copy, Instant until) {}

    /** @param state {@code good}, {@code damaged}, {@code gone}, or {@code left} for the next run as time is up */
    public record Result(String backup, String store, String state, String note) {}

    public record Checked(Result result, String summary) {}

    public Checked recheckCopy(CopyOf of, StepContext context) {
        Copy copy = of.copy();
        if (clock.instant().isAfter(of.until())) {
            return checked(copy, "left", "the time for checks is up; it is first in the next run");
        }
        Backups.Rechecked again = backups.recheck(new BackupId(copy.backup()), copy.store(), context.progress());
        return checked(copy, again.state(), again.note());
    }

    private static Checked checked(Copy copy, String state, String note) {
        String summary = "%s in %s: %s%s".formatted(
                copy.backup(),
                copy.store(),
                state.equals("good") ? "read back whole again" : state,
                note.isEmpty() ? "" : ", " + note);
        return new Checked(new Result(copy.backup(), copy.store(), state, note), summary);
    }
}
