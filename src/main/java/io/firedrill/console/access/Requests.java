package io.firedrill.console.access;

import io.firedrill.audit.Fact;
import io.firedrill.audit.Outcome;
import io.firedrill.failure.Failure;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.servlet.support.RequestContextUtils;

/** Records every request that changes something and was let in: who, what, and how it ended. */
final class Requests extends OncePerRequestFilter {
    private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<String> NOT_ALLOWED = Set.of("four-eyes", "missing-role", "already-claimed", "bad-signature");

    private final Recorder recorder;

    Requests(Recorder recorder) {
        this.recorder = recorder;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return HARMLESS.contains(request.getMethod());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Authentication who = SecurityContextHolder.getContext().getAuthentication();
        boolean ended = false;
        try {
            chain.doFilter(request, response);
            ended = true;
        } finally {
            record(request, ended ? response.getStatus() : HttpServletResponse.SC_INTERNAL_SERVER_ERROR, who);
        }
    }

    private void record(HttpServletRequest request, int status, @Nullable Authentication who) {
        Deed deed = Deed.now();
        Failure failure = failure(request, deed);
        Map<Fact, String> facts = new EnumMap<>(Fact.class);
        facts.put(Fact.REQUEST, Refusals.what(request));
        facts.putAll(named(request));
        facts.putAll(deed.facts());
        facts.put(Fact.BY, by(who));
        if (failure != null) {
            facts.put(Fact.CODE, failure.code());
            facts.put(Fact.DETAIL, failure.what());
        } else {
            facts.putIfAbsent(Fact.DETAIL, "answered " + status);
        }
        String name = who == null || who.getName().isEmpty() ? "somebody" : who.getName();
        String pattern = Objects.toString(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE), "");
        recorder.record(name, Actions.of(pattern, request), outcome(failure, status), facts, deed.shown());
    }

    /** Pages answer a failure by going back with it; the API by a problem. */
    private static @Nullable Failure failure(HttpServletRequest request, Deed deed) {
        if (deed.failure() != null) {
            return deed.failure();
        }
        Map<String, Object> flash = RequestContextUtils.getOutputFlashMap(request);
        return flash != null && flash.get("failure") instanceof Failure shown ? shown : null;
    }

    private static Outcome outcome(@Nullable Failure failure, int status) {
        if (failure != null && NOT_ALLOWED.contains(failure.code()) || status == 401 || status == 403) {
            return Outcome.DENIED;
        }
        if (status >= 500 || failure != null && Set.of("state-database-down", "engine-unreachable", "unexpected").contains(failure.code())) {
            return Outcome.FAILED;
        }
        return failure != null || status >= 400 ? Outcome.REFUSED : Outcome.DONE;
    }

    /** What the path names; the secret of a one-time link is none of it. */
    private static Map<Fact, String> named(HttpServletRequest request) {
        Map<Fact, String> facts = new EnumMap<>(Fact.class);
        if (request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables) {
            String path = request.getRequestURI().replaceFirst("^/api(?=/)", "");
            Fact fact = path.startsWith("/services/") ? Fact.SERVICE
                    : path.startsWith("/incidents/") ? Fact.INCIDENT
                    : path.startsWith("/runs/") ? Fact.RUN
                    : path.startsWith("/tasks/") ? Fact.TASK : Fact.SUBJECT;
            variables.forEach((name, value) -> {
                if (!name.equals("secret")) {
                    // Of a run's step the run is told by its own kind.
                    facts.put(fact == Fact.RUN && !name.equals("id") ? Fact.SUBJECT : fact, String.valueOf(value));
                }
            });
        }
        return facts;
    }

    /** How they are known. */
    private static String by(@Nullable Authentication who) {
        if (who == null) {
            return "";
        }
        if (ServerUser.is(who)) {
            return "server-token";
        }
        return who instanceof PreAuthenticatedAuthenticationToken token ? "token " + token.getCredentials() : "session";
    }
}
