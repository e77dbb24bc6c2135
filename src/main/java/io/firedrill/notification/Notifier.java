package io.firedrill.notification;

import io.firedrill.failure.Failure;
import io.firedrill.plan.NotifyTarget;
import jakarta.mail.MessagingException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a message to every target of the plan, and to the log. What a target does not take goes to the outbox, which sends
 * it again until it is taken; without one, or when the outbox cannot keep it, it is tried again here a few times. What a target
 * refuses is not sent again.
 */
public final class Notifier {
    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);
    private static final List<Duration> PAUSES = List.of(Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(5));

    private final List<NotifyTarget> targets;
    private final Forms forms;
    private final Mail mail;
    private final @Nullable Outbox outbox;
    private final List<Duration> pauses;
    private final HttpClient http = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(10)).build();
    private final LongAdder delivered = new LongAdder();
    private final LongAdder failed = new LongAdder();

    /** Without links and outbox. */
    public Notifier(List<NotifyTarget> targets) {
        this(targets, Optional.empty(), null, PAUSES);
    }

    /** @param console where people open the pages, for links */
    public Notifier(List<NotifyTarget> targets, Optional<URI> console, Outbox outbox) {
        this(targets, console, outbox, PAUSES);
    }

    Notifier(List<NotifyTarget> targets, Optional<URI> console, @Nullable Outbox outbox, List<Duration> pauses) {
        this(targets, console, outbox, pauses, new Mail());
    }

    /** @param pauses before each further try */
    Notifier(List<NotifyTarget> targets, Optional<URI> console, @Nullable Outbox outbox, List<Duration> pauses, Mail mail) {
        this.targets = List.copyOf(targets);
        this.forms = new Forms(console, Clock.systemUTC());
        this.mail = mail;
        this.outbox = outbox;
        this.pauses = List.copyOf(pauses);
    }

    /** How many messages targets took since the start; one message to two targets is two. */
    public long delivered() {
        return delivered.sum();
    }

    /** How many did not arrive at a target, after every try. */
    public long failed() {
        return failed.sum();
    }

    /**
     * What became of a message.
     *
     * @param told how many targets took it; 0 when the plan names none
     * @param later how many did not and will be tried again
     */
    public record Sent(int told, int later) {}

    /** Trouble that needs no more words. */
    public Sent send(String text) {
        return send(Message.trouble(text));
    }

    /**
     * @throws io.firedrill.failure.FailureException {@code notification-failed}, passing, naming the targets that did not
     *     take it and will not be tried again; the others have it
     */
    public Sent send(Message message) {
        LOG.info("notification: {}", message.text());
        int told = 0;
        int later = 0;
        List<String> problems = new ArrayList<>();
        for (NotifyTarget target : targets) {
            Answer answer = deliverOnce(target, message);
            if (answer.worthAnotherTry() && outbox != null && outbox.keep(name(target), message, answer.problem())) {
                LOG.warn("a notification waits to be sent again: {}", answer.problem());
                later++;
                continue;
            }
            answer = deliverPatiently(target, message, answer);
            (answer.problem().isEmpty() ? delivered : failed).increment();
            if (answer.problem().isEmpty()) {
                told++;
            } else {
                problems.add(answer.problem());
            }
        }
        if (!problems.isEmpty()) {
            throw new Failure(
                            "notification-failed",
                            "A notification could not be delivered: " + String.join("; ", problems) + ".",
                            "Nobody may know: \"" + message.text() + "\"",
                            "Check the notify entries of the plan, and tell people another way.")
                    .passing();
        }
        return new Sent(told, later);
    }

    private Answer deliverPatiently(NotifyTarget target, Message message, Answer first) {
        Answer answer = first;
        for (Duration pause : pauses) {
            if (!answer.worthAnotherTry() || !slept(pause)) {
                break;
            }
            answer = deliverOnce(target, message);
        }
        return answer;
    }

    private static boolean slept(Duration pause) {
        try {
            Thread.sleep(pause);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** @param problem empty when delivered; never the target's URL or key, which are secrets */
    public record Answer(String problem, boolean worthAnotherTry) {}

    /** For the outbox: one more try. A target that the plan no longer names is no longer told. */
    public Answer sendAgain(String target, Message message, boolean last) {
        Answer answer = targets.stream()
                .filter(one -> name(one).equals(target))
                .findFirst()
                .map(one -> deliverOnce(one, message))
                .orElse(new Answer(target + " is not in the plan any more", false));
        if (answer.problem().isEmpty()) {
            delivered.increment();
        } else if (last || !answer.worthAnotherTry()) {
            failed.increment();
        }
        return answer;
    }

    /** The same after a restart. */
    static String name(NotifyTarget target) {
        return target.getClass().getSimpleName().toLowerCase(Locale.ROOT) + " of " + target.which();
    }

    private Answer deliverOnce(NotifyTarget target, Message message) {
        return switch (target) {
            case NotifyTarget.Posted posted -> post(posted, message);
            case NotifyTarget.Email email -> mail(email, message);
        };
    }

    /** What a mail server says is told: it holds no secret. */
    private Answer mail(NotifyTarget.Email target, Message message) {
        try {
            mail.send(target, message, forms.mail(message));
            return new Answer("", false);
        } catch (MessagingException e) {
            return new Answer("%s: %s".formatted(name(target), Mail.reason(e)), !Mail.refusedForGood(e));
        } catch (IOException e) {
            return new Answer("%s: %s".formatted(name(target), e.getClass().getSimpleName()), true);
        }
    }

    private Answer post(NotifyTarget.Posted target, Message message) {
        String who = name(target);
        try {
            int status = http.send(forms.request(target, message), HttpResponse.BodyHandlers.discarding()).statusCode();
            return status / 100 == 2
                    ? new Answer("", false)
                    : new Answer(who + " answered " + status, status / 100 == 5 || status == 429);
        } catch (IOException e) {
            return new Answer(who + ": " + e.getClass().getSimpleName(), true);
        } catch (IllegalArgumentException e) {
            return new Answer(who + ": " + e.getClass().getSimpleName(), false);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(who + ": interrupted", false);
        }
    }
}
