package io.firedrill.plan;

import io.firedrill.failure.Failure;
import java.util.Collection;

/** Somebody named a thing that the plan does not have: say which there are. */
public final class UnknownName {
    private UnknownName() {}

    public static Failure failure(String kind, String name, Collection<String> known) {
        return new Failure(
                "unknown-" + kind.replace(' ', '-'),
                "There is no %s '%s' in the plan.".formatted(kind, name),
                "Nothing was started.",
                known.isEmpty()
                        ? "The plan has no %s; add one.".formatted(kind)
                        : "Use one of: %s.".formatted(String.join(", ", known)));
    }
}
