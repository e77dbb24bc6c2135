package io.firedrill.console.access;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What admins do about people and tokens, and what an invited person does; the same for pages and API. */
public final class People {
    private final Accounts accounts;
    private final ApiTokens tokens;
    private final Sessions sessions;
    private final FirstSignIn first;
    private final Attempts attempts;

    People(Accounts accounts, ApiTokens tokens, Sessions sessions, FirstSignIn first, Attempts attempts) {
        this.accounts = accounts;
        this.tokens = tokens;
        this.sessions = sessions;
        this.first = first;
        this.attempts = attempts;
    }

    public List<Account> accounts() {
        return accounts.all();
    }

    /** Returns the path of the one-time link. */
    public String add(String name, Collection<String> roles, String by) {
        return link(accounts.add(name, roles.stream().map(Role::of).toList(), by));
    }

    /** Returns the path of a new one-time link. */
    public String invite(String name) {
        return link(accounts.invite(name));
    }

    private static String link(String secret) {
        return "/welcome/" + secret;
    }

    /** Ends their sessions and tokens as well. */
    public void disable(String given) {
        String name = Accounts.name(given);
        accounts.disable(name);
        tokens.all().stream().filter(token -> token.owner().equals(name)).forEach(token -> tokens.revoke(token.name()));
        sessions.endAllOf(name);
    }

    /** Whose one-time link this is; empty when it is worth nothing (any more). */
    public Optional<String> invited(String secret, String address) {
        Optional<String> name = attempts.refusedUntil("", address).isPresent() ? Optional.empty() : accounts.invited(secret);
        if (name.isEmpty()) {
            attempts.failedFrom(address);
        }
        return name;
    }

    /** Whoever was signed in under that name is signed out: the old password may have been why the link was made. */
    public void setPassword(String secret, String password) {
        String name = accounts.setPassword(secret, password);
        attempts.succeeded(name);
        sessions.endAllOf(name);
        first.passwordSet();
    }

    public List<ApiToken> tokens() {
        return tokens.all();
    }

    /** Returns the token itself, which is shown once. */
    public String createToken(String name, String role, String owner, String by) {
        return tokens.create(name, Role.of(role), Accounts.name(owner), by);
    }

    public void revokeToken(String name) {
        tokens.revoke(name);
    }
}
