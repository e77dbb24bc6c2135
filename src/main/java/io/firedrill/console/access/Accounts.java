package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.crypto.password.PasswordEncoder;

/**
 * People and their passwords. Nobody gets a password from somebody else: an account starts with a one-time link, with
 * which its holder sets it. Every method throws the passing failure {@code state-database-down} while that is away.
 */
public final class Accounts {
    /** A link that nobody used by then is dead; an admin makes a new one. */
    static final Duration INVITATION = Duration.ofHours(24);

    static final int SHORTEST_PASSWORD = 12;
    static final int LONGEST_PASSWORD = 200;

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@+-]{0,63}");

    private final JdbcClient jdbc;
    private final PasswordEncoder passwords;
    private final Clock clock;

    Accounts(DataSource stateDatabase, PasswordEncoder passwords, Clock clock) {
        this.jdbc = JdbcClient.create(stateDatabase);
        this.passwords = passwords;
        this.clock = clock;
    }

    /** The form a name is kept in; failure {@code bad-name} when it cannot be one. */
    static String name(String given) {
        String name = given.strip().toLowerCase(Locale.ROOT);
        if (!NAME.matcher(name).matches()) {
            throw new Failure(
                            "bad-name",
                            "'%s' cannot be the name of a person.".formatted(given),
                            "Nothing was changed.",
                            "Use 1 to 64 letters a to z, digits, and . _ @ + - between them.")
                    .lasting();
        }
        return name;
    }

    public List<Account> all() {
        return AccessTables.answer(() -> jdbc.sql("select * from firedrill.account order by name").query(Accounts::account).list());
    }

    Optional<Account> find(String name) {
        return AccessTables.answer(() -> jdbc.sql("select * from firedrill.account where name = ?")
                .param(name.strip().toLowerCase(Locale.ROOT))
                .query(Accounts::account)
                .optional());
    }

    /** Null while the password is not set. */
    @Nullable String passwordHash(String name) {
        return AccessTables.answer(() -> jdbc.sql("select password_hash from firedrill.account where name = ?")
                .param(name)
                .query((row, n) -> Optional.ofNullable(row.getString(1)))
                .single()
                .orElse(null));
    }

    /** Whether nobody who could sign in as admin exists yet. */
    boolean needsFirstAdmin() {
        return all().stream()
                .noneMatch(account -> account.ready() && account.disabledAt() == null && account.roles().contains(Role.ADMIN));
    }

    /** Returns the secret of the one-time link. */
    String add(String given, Collection<Role> roles, String by) {
        String name = name(given);
        if (roles.isEmpty()) {
            throw new Failure("bad-role", "A person needs at least one role.", "Nobody was added.", "Choose one or more roles.").lasting();
        }
        String secret = Secret.random();
        AccessTables.answer(() -> {
            try {
                return jdbc.sql("""
                        insert into firedrill.account (name, roles, invitation_hash, invitation_ends_at, created_by, created_at)
                        values (?, ?, ?, ?, ?, ?)
                        """)
                        .params(name, words(roles), Secret.digest(secret), endOfInvitation(), by, now())
                        .update();
            } catch (DuplicateKeyException e) {
                throw new Failure("already-there", "There is a person '%s' already.".formatted(name), "Nothing was changed.",
                                "Choose another name, or make them a new link.")
                        .lasting(e);
            }
        });
        return secret;
    }

    /** A new one-time link, which also lets somebody back in who was shut out; the old password stays until it is used. */
    String invite(String given) {
        String name = name(given);
        String secret = Secret.random();
        int found = AccessTables.answer(() -> jdbc.sql("""
                        update firedrill.account set invitation_hash = ?, invitation_ends_at = ?, disabled_at = null where name = ?
                        """)
                .params(Secret.digest(secret), endOfInvitation(), name)
                .update());
        requireFound(found, name);
        return secret;
    }

    /** Whose link this is; empty when it was used, ended, or never was one. */
    Optional<String> invited(String secret) {
        return AccessTables.answer(() -> jdbc.sql("""
                        select name from firedrill.account
                        where invitation_hash = ? and invitation_ends_at > ? and disabled_at is null
                        """)
                .params(Secret.digest(secret), now())
                .query(String.class)
                .optional());
    }

    /** Uses up the link; returns whose it was. */
    String setPassword(String secret, String password) {
        checkPassword(password);
        String hash = passwords.encode(password);
        return AccessTables.answer(() -> jdbc.sql("""
                                update firedrill.account
                                set password_hash = ?, invitation_hash = null, invitation_ends_at = null
                                where invitation_hash = ? and invitation_ends_at > ? and disabled_at is null returning name
                                """)
                        .params(hash, Secret.digest(secret), now())
                        .query(String.class)
                        .optional())
                .orElseThrow(Accounts::deadLink);
    }

    static FailureException deadLink() {
        return new Failure(
                        "unknown-link",
                        "This link was used already, or has ended.",
                        "Nothing was changed.",
                        "Ask an admin for a new one. For the first admin, `firedrill down` and `firedrill up` make one.")
                .lasting();
    }

    private static void checkPassword(String password) {
        if (password.length() < SHORTEST_PASSWORD || password.length() > LONGEST_PASSWORD) {
            throw new Failure(
                            "bad-password",
                            "The password has %d characters.".formatted(password.length()),
                            "It was not set.",
                            "Use %d to %d characters; a sentence is easy to remember.".formatted(SHORTEST_PASSWORD, LONGEST_PASSWORD))
                    .lasting();
        }
    }

    /** They cannot sign in any more. The last admin cannot be shut out. */
    void disable(String given) {
        String name = name(given);
        if (isLastAdmin(name)) {
            throw new Failure("last-admin", "%s is the only admin.".formatted(name), "Nothing was changed.",
                            "Make somebody else an admin first.")
                    .lasting();
        }
        int found = AccessTables.answer(() -> jdbc.sql("""
                        update firedrill.account
                        set disabled_at = ?, invitation_hash = null, invitation_ends_at = null where name = ?
                        """)
                .params(now(), name)
                .update());
        requireFound(found, name);
    }

    private boolean isLastAdmin(String name) {
        List<String> admins = all().stream()
                .filter(account -> account.ready() && account.disabledAt() == null && account.roles().contains(Role.ADMIN))
                .map(Account::name)
                .toList();
        return admins.equals(List.of(name));
    }

    private static void requireFound(int found, String name) {
        if (found == 0) {
            throw new Failure("unknown-person", "There is no person '%s'.".formatted(name), "Nothing was changed.",
                            "List them: firedrill people")
                    .lasting();
        }
    }

    private Timestamp now() {
        return Timestamp.from(clock.instant());
    }

    private Timestamp endOfInvitation() {
        return Timestamp.from(clock.instant().plus(INVITATION));
    }

    private static String[] words(Collection<Role> roles) {
        return roles.stream().map(Role::word).toArray(String[]::new);
    }

    private static Account account(ResultSet row, int number) throws SQLException {
        Array roles = row.getArray("roles");
        Timestamp disabled = row.getTimestamp("disabled_at");
        return new Account(
                row.getString("name"),
                Arrays.stream((String[]) roles.getArray())
                        .map(Role::of)
                        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class))),
                row.getString("password_hash") != null,
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                disabled == null ? null : disabled.toInstant());
    }
}
