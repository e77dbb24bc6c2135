package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.notification.Notifier;
import org.jspecify.annotations.Nullable;

/** Steps of every process that tell people something. */
@Process({"backup", "disaster-recovery", "undo-recovery", "post-incident"})
public final class Telling {
    private final Notifier notifier;

    public Telling(Notifier notifier) {
        this.notifier = notifier;
    }

    public record News(String service, @Nullable String incident, @Nullable Failure failure) {}

    /** The message is the task's header {@code message}; a failure is told with it. */
    public Done notify(News news, StepContext context) {
        String text = "[%s] %s".formatted(
                news.incident() == null ? news.service() : news.incident(),
                context.headers().getOrDefault("message", "Something happened"));
        if (news.failure() != null) {
            text += ": " + news.failure();
        }
        return told(text + " (run " + context.run() + ")");
    }

    public record Unanswered(String service, @Nullable String incident, String taskName) {}

    public Done escalate(Unanswered unanswered, StepContext context) {
        return told("[%s] Nobody has answered yet: %s. See: firedrill tasks (run %s)"
                .formatted(
                        unanswered.incident() == null ? unanswered.service() : unanswered.incident(),
                        unanswered.taskName(),
                        context.run()));
    }

    /** A message that cannot be delivered is said so in the run; it never holds a recovery up. */
    private Done told(String text) {
        try {
            int targets = notifier.send(text);
            return new Done(targets == 0 ? "the plan names nobody to tell; logged" : "told " + targets + " target(s)");
        } catch (FailureException e) {
            return new Done("NOT delivered: " + e.failure().what());
        }
    }
}
