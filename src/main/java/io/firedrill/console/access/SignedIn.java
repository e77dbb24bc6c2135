package io.firedrill.console.access;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import tools.jackson.databind.JsonNode;

/**
 * Who is signed in, as their session keeps it: name and roles, nothing secret.
 *
 * @param roles those that others bring along included
 */
record SignedIn(String name, List<Role> roles) {
    static SignedIn of(SecurityContext context) {
        Authentication who = Objects.requireNonNull(context.getAuthentication(), "nobody is signed in");
        return new SignedIn(who.getName(), List.copyOf(Role.of(who)));
    }

    /** Roles that this version does not know are left out. */
    static SignedIn of(JsonNode stored) {
        List<Role> roles = new ArrayList<>();
        stored.path("roles").forEach(word -> Role.known(word.stringValue("")).ifPresent(roles::add));
        return new SignedIn(SessionAttributes.text(stored, "name"), roles);
    }

    Map<String, Object> plain() {
        return Map.of("kind", "signed-in", "name", name, "roles", roles.stream().map(Role::word).toList());
    }

    SecurityContext context() {
        User user = new User(name, "", Role.authorities(roles));
        return new SecurityContextImpl(UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities()));
    }
}
