package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Tokens for programs. Every method throws the passing failure {@code state-database-down} while that is away. */
public final class ApiTokens {
    static final String PREFIX = "fd_";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final Duration USE_IS_NOTED_EVERY = Duration.ofMinutes(1);

    private final JdbcClient jdbc;
    private final Clock clock;

    ApiTokens(DataSource stateDatabase, Clock clock) {
        this.jdbc = JdbcClient.create(stateDatabase);
        this.clock = clock;
    }

    public List<ApiToken> all() {
        return AccessTables.answer(
                () -> jdbc.sql("select * from firedrill.api_token order by name").query(ApiTokens::token).list());
    }

    /** Returns the token itself, which nobody can read again. */
    String create(String name, Role role, String owner, String by) {
        if (!NAME.matcher(name).matches()) {
            throw new Failure("bad-name", "'%s' cannot be the name of a token.".formatted(name), "No token was made.",
                            "Use 1 to 64 letters, digits, and . _ - between them.")
                    .lasting();
        }
        String secret = PREFIX + Secret.random();
        AccessTables.answer(() -> {
            try {
                return jdbc.sql("""
                        insert into firedrill.api_token (name, role, owner, hash, created_by, created_at)
                        values (?, ?, ?, ?, ?, ?)
                        """)
                        .params(name, role.word(), owner, Secret.digest(secret), by, Timestamp.from(clock.instant()))
                        .update();
            } catch (DuplicateKeyException e) {
                throw new Failure("already-there", "There is, or was, a token '%s' already.".formatted(name),
                                "No token was made.", "Choose another name; the log stays clear when names are not used twice.")
                        .lasting(e);
            }
        });
        return secret;
    }

    /** Whose it is; empty when it was revoked or never was one. */
    Optional<ApiToken> find(String secret) {
        if (!secret.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<ApiToken> found = AccessTables.answer(() -> jdbc.sql(
                        "select * from firedrill.api_token where hash = ? and revoked_at is null")
                .param(Secret.digest(secret))
                .query(ApiTokens::token)
                .optional());
        found.ifPresent(this::noteUse);
        return found;
    }

    private void noteUse(ApiToken token) {
        Instant last = token.lastUsedAt();
        if (last == null || last.plus(USE_IS_NOTED_EVERY).isBefore(clock.instant())) {
            AccessTables.answer(() -> jdbc.sql("update firedrill.api_token set last_used_at = ? where name = ?")
                    .params(Timestamp.from(clock.instant()), token.name())
                    .update());
        }
    }

    void revoke(String name) {
        int found = AccessTables.answer(
                () -> jdbc.sql("update firedrill.api_token set revoked_at = coalesce(revoked_at, ?) where name = ?")
                        .params(Timestamp.from(clock.instant()), name)
                        .update());
        if (found == 0) {
            throw new Failure("unknown-token", "There is no token '%s'.".formatted(name), "Nothing was changed.",
                            "List them: firedrill token")
                    .lasting();
        }
    }

    private static ApiToken token(ResultSet row, int number) throws SQLException {
        return new ApiToken(
                row.getString("name"),
                Role.of(row.getString("role")),
                row.getString("owner"),
                row.getString("created_by"),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("last_used_at")),
                instant(row.getTimestamp("revoked_at")));
    }

    private static @Nullable Instant instant(@Nullable Timestamp time) {
        return time == null ? null : time.toInstant();
    }
}
