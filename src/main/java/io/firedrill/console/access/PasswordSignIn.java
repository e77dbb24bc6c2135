package io.firedrill.console.access;

import io.firedrill.failure.FailureException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.authentication.dao.DaoAuthenticationProvider;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.web.authentication.WebAuthenticationDetails;

/**
 * Name and password against the accounts, guessing slowed down; every attempt is recorded. While the state database is away
 * the server's own token does instead of a password: whoever can read it is the server's user, and their name is taken at
 * its word as on the command line.
 */
final class PasswordSignIn implements AuthenticationProvider {
    private static final String WHAT = "sign-in";

    private final Accounts accounts;
    private final Attempts attempts;
    private final Recorder recorder;
    private final ServerToken emergency;
    private final DaoAuthenticationProvider passwords;

    PasswordSignIn(Accounts accounts, PasswordEncoder encoder, Attempts attempts, Recorder recorder, ServerToken emergency) {
        this.emergency = emergency;
        this.accounts = accounts;
        this.attempts = attempts;
        this.recorder = recorder;
        this.passwords = new DaoAuthenticationProvider(this::details);
        this.passwords.setPasswordEncoder(encoder);
    }

    private UserDetails details(String name) {
        Account account = accounts.find(name)
                .filter(found -> found.ready() && found.disabledAt() == null)
                .orElseThrow(() -> new UsernameNotFoundException(name));
        return User.withUsername(account.name())
                .password(String.valueOf(accounts.passwordHash(account.name())))
                .authorities(Role.authorities(account.roles()))
                .build();
    }

    /** {@link InternalAuthenticationServiceException} with the {@link FailureException} when the state database is away. */
    @Override
    public Authentication authenticate(Authentication given) {
        String name = given.getName().strip().toLowerCase(Locale.ROOT);
        String address = given.getDetails() instanceof WebAuthenticationDetails details ? details.getRemoteAddress() : "";
        Optional<Instant> refused = attempts.refusedUntil(name, address);
        if (refused.isPresent()) {
            recorder.denied(name, WHAT, "locked until " + refused.get());
            throw new LockedException(refused.get().toString());
        }
        try {
            Authentication known = passwords.authenticate(
                    UsernamePasswordAuthenticationToken.unauthenticated(name, given.getCredentials()));
            attempts.succeeded(name);
            recorder.done(name, WHAT, "");
            return known;
        } catch (BadCredentialsException e) {
            attempts.failed(name, address);
            recorder.denied(name, WHAT, "wrong name or password");
            throw e;
        } catch (InternalAuthenticationServiceException e) {
            if (e.getCause() instanceof FailureException && emergency.is(String.valueOf(given.getCredentials()))) {
                return inAnEmergency(name, address);
            }
            attempts.failedFrom(address);
            throw e;
        } catch (AuthenticationException e) {
            recorder.denied(name, WHAT, e.getClass().getSimpleName());
            throw e;
        }
    }

    private Authentication inAnEmergency(String name, String address) {
        UserDetails user = User.withUsername(Accounts.name(name)).password("").authorities(Role.authorities(List.of(Role.ADMIN))).build();
        recorder.done(name, WHAT, "with the emergency token, as the state database is away");
        return UsernamePasswordAuthenticationToken.authenticated(user, null, user.getAuthorities());
    }

    @Override
    public boolean supports(Class<?> authentication) {
        return UsernamePasswordAuthenticationToken.class.isAssignableFrom(authentication);
    }
}
