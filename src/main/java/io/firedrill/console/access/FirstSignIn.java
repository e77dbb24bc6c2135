package io.firedrill.console.access;

import io.firedrill.engine.Home;
import io.firedrill.failure.FailureException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The very first admin: while nobody can sign in as one, each start of the server makes a one-time link and writes it to
 * a file that only the server's user can read; {@code firedrill up} prints it. There is no default password.
 */
public final class FirstSignIn {
    static final String ADMIN = "admin";
    private static final Logger LOG = LoggerFactory.getLogger(FirstSignIn.class);

    private final Home home;
    private final Accounts accounts;
    private final CompletableFuture<String> url = new CompletableFuture<>();
    private volatile String state = "unknown";

    FirstSignIn(Home home, Accounts accounts) {
        this.home = home;
        this.accounts = accounts;
    }

    /** {@code unknown} until the state database answered, {@code first} while the link waits, then {@code ready}. */
    public String state() {
        return state;
    }

    /** Told once, when the server listens. */
    public void listening(String address) {
        url.complete(address);
    }

    /** To be called once the tables are there; waits until the server listens. */
    public void prepare() {
        if (!accounts.needsFirstAdmin()) {
            done();
            return;
        }
        String secret = accounts.find(ADMIN).isPresent()
                ? accounts.invite(ADMIN)
                : accounts.add(ADMIN, List.of(Role.ADMIN), "firedrill up");
        home.writeFirstSignIn(url.join() + "/welcome/" + secret);
        state = "first";
        LOG.info("nobody can sign in yet; the one-time link of {} is in {}", ADMIN, home.firstSignIn());
    }

    /** After a password was set: the file goes once an admin can sign in. */
    public void passwordSet() {
        try {
            if (!accounts.needsFirstAdmin()) {
                done();
            }
        } catch (FailureException e) {
            LOG.warn("the next start removes {}: {}", home.firstSignIn(), e.getMessage());
        }
    }

    private void done() {
        home.removeFirstSignIn();
        state = "ready";
    }
}
