package io.firedrill.runbook;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.notification.Message;
import io.firedrill.notification.Notifier;
import org.jspecify.annotations.Nullable;

/** Steps of every process that tell people something. */
@Process({
    "backup", "check-backups", "disaster-recovery", "undo-recovery", "post-incident", "drill", "protect-again", "failover", "switchover",
    "rejoin"
})
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
        Message.Level level = news.failure() == null ? Message.Level.NEWS : Message.Level.TROUBLE;
        return told(level, text + " (run " + context.run() + ")", news.service(), news.incident(), context);
    }

    public record Unanswered(String service, @Nullable String incident, String taskName) {}

    public Done escalate(Unanswered unanswered, StepContext context) {
        String text = "[%s] Nobody has answered yet: %s. See: firedrill tasks (run %s)"
                .formatted(
                        unanswered.incident() == null ? unanswered.service() : unanswered.incident(),
                        unanswered.taskName(),
                        context.run());
        return told(Message.Level.TROUBLE, text, unanswered.service(), unanswered.incident(), context);
    }

    /** A message that cannot be delivered is said so in the run; it never holds a recovery up. */
    private Done told(Message.Level level, String text, String service, @Nullable String incident, StepContext context) {
        try {
            Notifier.Sent sent = notifier.send(Message.of(level, text, incident == null ? service : incident, incident, context.run()));
            String later = sent.later() == 0 ? "" : "; %d will be tried again".formatted(sent.later());
            return new Done(sent.told() + sent.later() == 0
                    ? "the plan names nobody to tell; logged"
                    : "told %d target(s)%s".formatted(sent.told(), later));
        } catch (FailureException e) {
            return new Done("NOT delivered: " + e.failure().what());
        }
    }
}
