package io.firedrill.runbook;

import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Process {@code protect-again}: after a whole server came back, a base backup of its new timeline and WAL that is archived. */
@Process("protect-again")
public final class ProtectAgain {
    private final Recovery recovery;

    public ProtectAgain(Recovery recovery) {
        this.recovery = recovery;
    }

    public record Back(String service, @Nullable RestorePlan restorePlan, @Nullable Instant unfencedAt) {}

    public record Checked(String protection, String summary) {}

    public Checked checkProtection(Back back, StepContext context) {
        if (back.restorePlan() == null || back.unfencedAt() == null) {
            return new Checked("as-before", "nothing was restored");
        }
        String found = recovery.checkProtection(back.service(), back.restorePlan(), back.unfencedAt(), context.progress());
        return new Checked("again", found);
    }
}
