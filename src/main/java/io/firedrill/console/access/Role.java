package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** What a person or a token may do. Every role may look; an admin may do everything, though four eyes binds them too. */
public enum Role {
    /** Looks. */
    VIEWER("looks, changes nothing"),
    /** Starts backups, diagnoses and recoveries, retries, decides what waits for operators. */
    OPERATOR("starts backups and recoveries, decides what waits for operators"),
    /** Decides what waits for approvers. */
    APPROVER("approves or rejects restores and undos"),
    /** Reads, verifies and exports the audit trail. */
    AUDITOR("reads, verifies and exports the audit trail"),
    /** Everything, people and tokens included. */
    ADMIN("everything, people and tokens included");

    private static final String PREFIX = "ROLE_";

    private final String meaning;

    Role(String meaning) {
        this.meaning = meaning;
    }

    /** {@code operator} and the like, as in the plan's words and in candidate groups. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** A few words for people who choose one. */
    public String meaning() {
        return meaning;
    }

    static Optional<Role> known(String word) {
        return Arrays.stream(values()).filter(role -> role.word().equals(word)).findFirst();
    }

    static Role of(String word) {
        return known(word)
                .orElseThrow(() -> new Failure(
                                "bad-role",
                                "There is no role '%s'.".formatted(word),
                                "Nothing was changed.",
                                "Use one of: " + Arrays.stream(values()).map(Role::word).collect(Collectors.joining(", ")) + ".")
                        .lasting());
    }

    /** What a holder of these roles may do, the roles they bring along included. */
    static Set<Role> including(Collection<Role> held) {
        Set<Role> all = EnumSet.noneOf(Role.class);
        if (!held.isEmpty()) {
            all.add(VIEWER);
        }
        all.addAll(held);
        return held.contains(ADMIN) ? EnumSet.allOf(Role.class) : all;
    }

    static List<GrantedAuthority> authorities(Collection<Role> held) {
        return including(held).stream()
                .<GrantedAuthority>map(role -> new SimpleGrantedAuthority(PREFIX + role.name()))
                .toList();
    }

    /** The roles of whoever acts. */
    public static Set<Role> of(Authentication authentication) {
        Set<String> authorities =
                authentication.getAuthorities().stream().map(GrantedAuthority::getAuthority).collect(Collectors.toSet());
        return Arrays.stream(values())
                .filter(role -> authorities.contains(PREFIX + role.name()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }
}
