package io.firedrill.drill;

import io.firedrill.plan.Objectives;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.Recovery.CheckResult;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.tool.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the process {@code drill} does besides the restores themselves, which are a real recovery's. Every method may be
 * called again with the same arguments; nothing of the service is opened or changed by any of them.
 */
public final class Drills {
    private final Recovery recovery;
    private final ScratchPlaces places;
    private final EvidencePack evidence;

    public Drills(Recovery recovery, ScratchPlaces places, EvidencePack evidence) {
        this.recovery = recovery;
        this.places = places;
        this.evidence = evidence;
    }

    /**
     * How the drill went against the objectives.
     *
     * @param proven everything was restored and equals its backup, and every check passed
     * @param rtoSeconds from the opening of the drill until everything was proven, the scratch server's making included
     * @param rpoSeconds age of the oldest backup used when the drill began: what a disaster then would have lost
     */
    public record Score(boolean proven, double rtoSeconds, double rpoSeconds, boolean rtoMet, boolean rpoMet, List<CheckResult> checks) {
        public boolean objectivesMet() {
            return rtoMet && rpoMet;
        }
    }

    /**
     * Clears away what an earlier drill of this service left, makes the scratch server and folder, and chooses the backups.
     * Lasting failures {@code drill-running}, {@code scratch-disk-full}, and those of choosing a backup.
     */
    public RestorePlan prepare(String service, String drill, String run, Progress progress) {
        progress.at("making a scratch server", 0, 0, "steps");
        ScratchPlace place = places.make(service, drill, run);
        progress.at("choosing backups", 0, 0, "steps");
        RestorePlan plan = recovery.selectForDrill(service, drill, place.scratch());
        place.requireRoom(plan);
        return plan;
    }

    public Score score(String service, RestorePlan plan, boolean restoresProven, Objectives objectives, Instant openedAt, Instant now) {
        List<CheckResult> checks = recovery.checkDrill(service, plan);
        double rto = Duration.between(openedAt, now).toMillis() / 1000.0;
        double rpo = plan.oldestSnapshot().map(at -> Duration.between(at, openedAt).toMillis() / 1000.0).orElse(0.0);
        return new Score(restoresProven && checks.stream().allMatch(CheckResult::passed), rto, Math.max(0, rpo),
                rto <= objectives.rto().toMillis() / 1000.0, rpo <= objectives.rpo().toMillis() / 1000.0, checks);
    }

    /** Returns whether there was anything. What belongs to another drill is left alone. */
    public boolean tearDown(String service, String drill) {
        return places.remove(service, drill);
    }

    /** Writes the evidence pack anew and returns its folder; beside it lies the same as a zip. */
    public Path writeEvidence(String run, String drill, String service, @Nullable RestorePlan plan, DrillResult result) {
        return evidence.write(Long.parseLong(run), drill, service, plan, result);
    }
}
