package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriUtils;

/**
 * Requests with {@code Authorization: Bearer}: the server's own token, which works without the state database, or an API
 * token. A wrong one is refused here and never falls back to a session.
 */
final class BearerTokens extends OncePerRequestFilter {
    private static final String SCHEME = "Bearer ";
    private static final String ACTOR = "Firedrill-Actor";

    private final ServerToken own;
    private final ApiTokens tokens;
    private final Attempts attempts;
    private final Recorder recorder;
    private final Refusals refusals;

    BearerTokens(ServerToken own, ApiTokens tokens, Attempts attempts, Recorder recorder, Refusals refusals) {
        this.own = own;
        this.tokens = tokens;
        this.attempts = attempts;
        this.recorder = recorder;
        this.refusals = refusals;
    }

    static boolean carriedBy(HttpServletRequest request) {
        return given(request) != null;
    }

    private static @Nullable String given(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : null;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String given = given(request);
        if (given == null) {
            chain.doFilter(request, response);
            return;
        }
        Optional<Authentication> known;
        try {
            known = recognize(given, request);
        } catch (FailureException e) {
            refusals.write(request, response, HttpServletResponse.SC_SERVICE_UNAVAILABLE, e.failure());
            return;
        }
        if (known.isEmpty()) {
            refuse(request, response);
            return;
        }
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(known.get());
        SecurityContextHolder.setContext(context);
        chain.doFilter(request, response);
    }

    private Optional<Authentication> recognize(String given, HttpServletRequest request) {
        if (own.is(given)) {
            String actor = decoded(Objects.requireNonNullElse(request.getHeader(ACTOR), ""));
            return Optional.of(new PreAuthenticatedAuthenticationToken(
                    new ServerUser(actor), "", Role.authorities(List.of(Role.ADMIN))));
        }
        return tokens.find(given)
                .map(token -> new PreAuthenticatedAuthenticationToken(
                        token.owner(), token.name(), Role.authorities(List.of(token.role()))));
    }

    /** For the log; what is garbled is shown as it came, and refused where a name is needed. */
    private static String decoded(String header) {
        try {
            return UriUtils.decode(header, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return header;
        }
    }

    private void refuse(HttpServletRequest request, HttpServletResponse response) throws IOException {
        String address = request.getRemoteAddr();
        if (attempts.refusedUntil("", address).isEmpty()) {
            recorder.denied("somebody", "request", "a token that is not known");
        }
        attempts.failedFrom(address);
        response.setHeader("WWW-Authenticate", "Bearer");
        refusals.write(request, response, HttpServletResponse.SC_UNAUTHORIZED, new Failure(
                "no-token",
                "The request does not carry a token that is known here.",
                "Nothing was done.",
                "Send Authorization: Bearer with the content of the token file that firedrill up names, or an API token"
                        + " made by firedrill token create."));
    }
}
