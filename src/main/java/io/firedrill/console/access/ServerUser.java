package io.firedrill.console.access;

import java.security.Principal;
import org.springframework.security.core.Authentication;

/**
 * Whoever can read the server's own token: its operating system user. They may do everything and say for whom, as they
 * could read the state database as well.
 *
 * @param getName the person they say they act for; empty when they do not say
 */
public record ServerUser(String getName) implements Principal {
    /** Whether this request may name the person who acts. */
    public static boolean is(Authentication authentication) {
        return authentication.getPrincipal() instanceof ServerUser;
    }
}
