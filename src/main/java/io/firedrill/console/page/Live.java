package io.firedrill.console.page;

import io.firedrill.console.ReplicationWatch;
import io.firedrill.engine.ProgressBoard;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * {@code /live}: tells open pages, as server-sent events, that something moved; they fetch themselves anew then. One look
 * per second for all of them together, none while nobody looks.
 */
@Controller
final class Live {
    private static final Logger LOG = LoggerFactory.getLogger(Live.class);
    private static final long LOOK_MILLIS = 1_000;
    private static final int LOOKS_BETWEEN_SIGNS_OF_LIFE = 10;

    private final History history;
    private final ProgressBoard progress;
    private final ReplicationWatch replication;
    private final Set<SseEmitter> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(
            task -> Thread.ofPlatform().daemon().name("live").unstarted(task));
    private List<Object> last = List.of();
    private int quiet;

    Live(History history, ProgressBoard progress, ReplicationWatch replication) {
        this.history = history;
        this.progress = progress;
        this.replication = replication;
        looker.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    @GetMapping(value = "/live", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter live() {
        SseEmitter emitter = new SseEmitter(0L);
        emitter.onCompletion(() -> open.remove(emitter));
        emitter.onError(e -> open.remove(emitter));
        open.add(emitter);
        send(emitter, SseEmitter.event().name("hello").data("hello"));
        return emitter;
    }

    private void look() {
        if (open.isEmpty()) {
            return;
        }
        try {
            List<Object> now = state();
            if (!now.equals(last)) {
                last = now;
                tell(SseEmitter.event().name("changed").data(Integer.toHexString(Objects.hash(now))));
            } else if (++quiet >= LOOKS_BETWEEN_SIGNS_OF_LIFE) {
                tell(SseEmitter.event().name("alive").data("alive"));
            }
        } catch (RuntimeException e) {
            LOG.warn("open pages were not told: {}", e.toString());
        }
    }

    private List<Object> state() {
        try {
            return List.of(history.newestPosition(), progress.all(), replication.standing());
        } catch (FailureException e) {
            return List.of(e.failure().code(), progress.all(), replication.standing());
        }
    }

    private void tell(SseEmitter.SseEventBuilder event) {
        quiet = 0;
        var parts = event.build();
        open.forEach(emitter -> {
            try {
                emitter.send(parts);
            } catch (IOException | IllegalStateException e) {
                open.remove(emitter);
            }
        });
    }

    private void send(SseEmitter emitter, SseEmitter.SseEventBuilder event) {
        try {
            emitter.send(event);
        } catch (IOException | IllegalStateException e) {
            open.remove(emitter);
        }
    }

    /** Before the web server waits for its last requests: these would never end by themselves. */
    @EventListener(ContextClosedEvent.class)
    void closing() {
        looker.shutdownNow();
        open.forEach(SseEmitter::complete);
    }
}
