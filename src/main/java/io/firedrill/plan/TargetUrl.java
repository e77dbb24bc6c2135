package io.firedrill.plan;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/** A database's address without any plan, as it would stand in one. */
public final class TargetUrl {
    private TargetUrl() {}

    public static boolean isDatabase(String text) {
        return text.startsWith("postgresql:") || text.startsWith("postgres:") || text.startsWith("jdbc:");
    }

    /**
     * The database, named {@code target}. Without a password file the server must let the user in without, or
     * {@code ~/.pgpass} must have the password.
     *
     * @throws FailureException {@code bad-target-url}
     */
    public static Database read(String text, Optional<Path> passwordFile) {
        DatabaseUrl url = new DatabaseUrl(text);
        if (!url.problems().isEmpty()) {
            throw new Failure(
                            "bad-target-url",
                            url.problems().stream().map(DatabaseUrl.Problem::what).collect(Collectors.joining(" ")),
                            "Nothing was read and nothing was changed.",
                            url.problems().stream()
                                    .map(problem -> problem.instead().replace("name it with passwordFile", "name it with --password-file"))
                                    .distinct()
                                    .collect(Collectors.joining(" ")))
                    .lasting();
        }
        return new Database("target", url.host(), url.port(), url.user(), url.dbname(), url.parameters(),
                passwordFile.map(Path::toAbsolutePath));
    }
}
