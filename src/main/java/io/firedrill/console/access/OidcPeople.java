package io.firedrill.console.access;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.OidcPlan;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserRequest;
import org.springframework.security.oauth2.client.oidc.userinfo.OidcUserService;
import org.springframework.security.oauth2.client.userinfo.DefaultOAuth2UserService;
import org.springframework.security.oauth2.client.userinfo.OAuth2UserService;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;

/** Whom an OpenID Connect provider's claims make somebody here: a name, and the roles that the plan gives their groups. */
final class OidcPeople implements OAuth2UserService<OidcUserRequest, OidcUser> {
    /** Why somebody whom the provider knows may not come in: the error codes of the exceptions. */
    static final String NAMELESS = "nameless";

    static final String NO_ROLE = "no-role";
    static final String SHUT_OUT = "shut-out";

    private final OidcPlan plan;
    private final Accounts accounts;
    private final Recorder recorder;
    private final OidcUserService claims = new OidcUserService();

    OidcPeople(OidcPlan plan, Accounts accounts, Recorder recorder) {
        this.plan = plan;
        this.accounts = accounts;
        this.recorder = recorder;
        DefaultOAuth2UserService userInfo = new DefaultOAuth2UserService();
        userInfo.setRestOperations(Issuer.http());
        claims.setOauth2UserService(userInfo);
    }

    @Override
    public OidcUser loadUser(OidcUserRequest request) {
        OidcUser claimed = claims.loadUser(request);
        String name = name(claimed);
        Set<Role> roles = roles(claimed);
        if (roles.isEmpty()) {
            throw refused(NO_ROLE, name, "no role by the claim " + plan.rolesClaim());
        }
        recorder.done(name, OidcSignIn.WHAT, "by " + plan.issuer() + shutOutUnknown(name));
        return new Named(claimed, name, roles);
    }

    private String name(OidcUser claimed) {
        Object name = claimed.getClaims().get(plan.nameClaim());
        boolean unproven = plan.nameClaim().equals("email") && Boolean.FALSE.equals(claimed.getEmailVerified());
        if (!(name instanceof String text) || unproven) {
            throw refused(NAMELESS, "somebody", unproven ? "their mail address is not verified" : "no claim " + plan.nameClaim());
        }
        try {
            return Accounts.name(text);
        } catch (FailureException e) {
            throw refused(NAMELESS, "somebody", e.failure().what());
        }
    }

    private Set<Role> roles(OidcUser claimed) {
        Object groups = claimed.getClaims().get(plan.rolesClaim());
        Collection<?> all = groups instanceof Collection<?> several ? several : groups == null ? List.of() : List.of(groups);
        Set<Role> roles = EnumSet.noneOf(Role.class);
        all.forEach(group -> plan.roles().getOrDefault(String.valueOf(group), List.of()).forEach(word -> roles.add(Role.of(word))));
        return roles;
    }

    /** Whom an admin shut out stays out, whoever vouches for them; nobody waits for the state database with this. */
    private String shutOutUnknown(String name) {
        try {
            if (accounts.find(name).filter(account -> account.disabledAt() != null).isPresent()) {
                throw refused(SHUT_OUT, name, "shut out here");
            }
            return "";
        } catch (FailureException e) {
            return ", and whether an admin shut them out is unknown, as the state database is away";
        }
    }

    private OAuth2AuthenticationException refused(String code, String name, String why) {
        recorder.denied(name, OidcSignIn.WHAT, "by %s: %s".formatted(plan.issuer(), why));
        return new OAuth2AuthenticationException(new OAuth2Error(code));
    }

    /** Under the name that they have here. */
    private static final class Named extends DefaultOidcUser {
        private static final long serialVersionUID = 1L;

        private final String name;

        Named(OidcUser claimed, String name, Set<Role> roles) {
            super(Role.authorities(roles), claimed.getIdToken(), claimed.getUserInfo());
            this.name = name;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Named named && name.equals(named.name) && super.equals(other);
        }

        @Override
        public int hashCode() {
            return name.hashCode();
        }
    }
}
