package io.firedrill.console.access;

import io.firedrill.audit.Digests;
import io.firedrill.audit.Fact;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.ContentCachingResponseWrapper;

/**
 * Starts with the header {@value #HEADER}: the same key and body give the same run, however often and to whichever server
 * they are sent; another body is refused. A run carries its key as a variable, so that it is found again although the server that
 * started it ended before it answered.
 */
public final class IdempotentStarts extends OncePerRequestFilter {
    static final String HEADER = "Idempotency-Key";
    public static final String VARIABLE = "idempotencyKey";
    private static final Logger LOG = LoggerFactory.getLogger(IdempotentStarts.class);
    private static final String ATTRIBUTE = IdempotentStarts.class.getName();
    private static final Pattern STARTS = Pattern.compile("/api/(backups|drills|recoveries|incidents/[^/]+/(undo|close))");
    private static final int LONGEST = 255;

    private final IdempotencyKeys keys;
    private final Refusals refusals;

    IdempotentStarts(IdempotencyKeys keys, Refusals refusals) {
        this.keys = keys;
        this.refusals = refusals;
    }

    /** What the run that is being started is to carry; null when the request gave no key. */
    public static @Nullable String key() {
        RequestAttributes now = RequestContextHolder.getRequestAttributes();
        return now == null ? null : (String) now.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return request.getHeader(HEADER) == null
                || !request.getMethod().equals("POST")
                || String.valueOf(request.getQueryString()).contains("dryRun")
                || !STARTS.matcher(request.getRequestURI()).matches();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String given = request.getHeader(HEADER).strip();
        if (given.isEmpty() || given.length() > LONGEST) {
            refuse(request, response, 400, new Failure("bad-idempotency-key", "The %s has no text, or more than %d characters.".formatted(HEADER, LONGEST),
                    "Nothing was started.", "Send one of your own making, a UUID for example."));
            return;
        }
        ReadBody read = new ReadBody(request);
        Authentication who = Objects.requireNonNull(SecurityContextHolder.getContext().getAuthentication());
        String key = Digests.of(who.getName() + "\n" + given);
        String asked = Digests.of(request.getRequestURI() + "\n" + new String(read.body(), StandardCharsets.UTF_8));
        Optional<IdempotencyKeys.Earlier> earlier;
        try {
            earlier = keys.take(key, asked);
        } catch (FailureException e) {
            refuse(request, response, 503, new Failure("state-database-down", "The state database, which knows the keys, does not answer.",
                    "Nothing was started: it might have been before.",
                    "Look at the runs, then send it without %s; or wait until the state database is back.".formatted(HEADER)));
            return;
        }
        if (earlier.isPresent() && !again(key, asked, earlier.get(), request, response)) {
            return;
        }
        start(key, read, response, chain);
    }

    /** Whether it is ours to start after all. */
    private boolean again(String key, String asked, IdempotencyKeys.Earlier earlier, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!earlier.request().equals(asked)) {
            refuse(request, response, 422, new Failure("idempotency-key-reused", "This %s was sent before with another request.".formatted(HEADER),
                    "Nothing was started.", "Use a new key for each thing to start."));
            return false;
        }
        Optional<Long> run = earlier.status() == null ? keys.run(key) : Optional.empty();
        if (earlier.status() != null || run.isPresent()) {
            int status = Objects.requireNonNullElse(earlier.status(), HttpServletResponse.SC_ACCEPTED);
            String answer = run.map("{\"run\":%d}"::formatted).orElseGet(() -> String.valueOf(earlier.answer()));
            Deed.note(Fact.DETAIL, "answered as before, by " + HEADER);
            response.setStatus(status);
            response.setHeader("Idempotency-Replayed", "true");
            response.setContentType("application/json");
            response.getWriter().write(answer);
            return false;
        }
        if (keys.takeOver(key, earlier)) {
            return true;
        }
        response.setHeader("Retry-After", "1");
        refuse(request, response, 409, new Failure("already-starting", "A request with this %s is being worked on.".formatted(HEADER),
                "It is not started twice.", "Send it again in a moment for its answer."));
        return false;
    }

    private void start(String key, ReadBody request, HttpServletResponse response, FilterChain chain) throws ServletException, IOException {
        ContentCachingResponseWrapper cached = new ContentCachingResponseWrapper(response);
        request.setAttribute(ATTRIBUTE, key);
        boolean answered = false;
        try {
            chain.doFilter(request, cached);
            answered = true;
        } finally {
            try {
                if (answered && cached.getStatus() / 100 == 2) {
                    keys.answered(key, cached.getStatus(), new String(cached.getContentAsByteArray(), StandardCharsets.UTF_8));
                } else if (answered && cached.getStatus() < 500) {
                    keys.giveBack(key);
                } else {
                    // The engine may have taken it all the same: the next try looks for the run first.
                    keys.leaveBehind(key);
                }
            } catch (DataAccessException e) {
                LOG.warn("the answer to {} {} is not kept: {}", HEADER, key, e.getMessage());
            }
            cached.copyBodyToResponse();
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response, int status, Failure failure) throws IOException {
        Deed.failed(failure);
        refusals.write(request, response, status, failure);
    }
}
