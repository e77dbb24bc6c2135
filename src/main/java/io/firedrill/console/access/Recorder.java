package io.firedrill.console.access;

import io.firedrill.audit.AuditTrail;
import io.firedrill.audit.Entry;
import io.firedrill.audit.Fact;
import io.firedrill.audit.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/** Records who did or tried what, with where from and by what, as the request under way tells. */
public final class Recorder {
    private final AuditTrail trail;
    private final Clock clock;
    private final String node;

    Recorder(AuditTrail trail, Clock clock) {
        this.trail = trail;
        this.clock = clock;
        this.node = node();
    }

    /** What this host calls itself. */
    public static String node() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }

    public void done(String who, String action, String detail) {
        record(who, action, Outcome.DONE, Map.of(Fact.DETAIL, detail), null);
    }

    void denied(String who, String action, String detail) {
        record(who, action, Outcome.DENIED, Map.of(Fact.DETAIL, detail), null);
    }

    void record(String who, String action, Outcome outcome, Map<Fact, String> facts, @Nullable String shown) {
        Map<Fact, String> all = new EnumMap<>(Fact.class);
        all.put(Fact.NODE, node);
        if (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes now) {
            HttpServletRequest request = now.getRequest();
            all.put(Fact.ADDRESS, request.getRemoteAddr());
            all.put(Fact.AGENT, Objects.requireNonNullElse(request.getHeader("User-Agent"), ""));
            all.put(Fact.REQUEST, Refusals.what(request));
        }
        all.putAll(facts);
        trail.record(Entry.of(clock.instant(), who, action, outcome, all), shown);
    }
}
