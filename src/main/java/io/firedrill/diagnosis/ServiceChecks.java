package io.firedrill.diagnosis;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Check;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import io.firedrill.tool.Command;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs a service's checks, all of them, and never throws for one that fails. */
public final class ServiceChecks {
    private static final int SHOWN = 300;

    /** {@code detail}: what was answered, or why nothing was. */
    public record Outcome(String name, boolean passed, String detail) {}

    private final Service service;

    public ServiceChecks(Service service) {
        this.service = service;
    }

    /** {@code fenced}: without HTTP, which asks applications that are still locked out. */
    public List<Outcome> run(boolean fenced) {
        return service.checks().stream()
                .filter(check -> !fenced || !(check instanceof Check.Http))
                .map(this::run)
                .toList();
    }

    /** The SQL checks alone, on other databases than the plan's (by the plan's names for them). */
    public List<Outcome> runOn(Map<String, Database> databases) {
        return service.checks().stream()
                .filter(Check.Sql.class::isInstance)
                .map(Check.Sql.class::cast)
                .filter(check -> databases.containsKey(check.database()))
                .map(check -> told(check, () -> sql(check, databases.get(check.database()))))
                .toList();
    }

    private Outcome run(Check check) {
        return told(check, () -> perform(check));
    }

    private static Outcome told(Check check, Supplier<Outcome> work) {
        try {
            return work.get();
        } catch (FailureException e) {
            return new Outcome(check.name(), false, e.failure().what());
        }
    }

    private Outcome perform(Check check) {
        return switch (check) {
            case Check.Sql sql -> sql(sql, service.database(sql.database()));
            case Check.Http http -> http(http);
            case Check.Command command -> command(command);
        };
    }

    private static Outcome sql(Check.Sql check, Database db) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            statement.execute("set statement_timeout = '30s'");
            statement.execute("set default_transaction_read_only = on");
            try (ResultSet row = statement.executeQuery(check.sql())) {
                if (!row.next()) {
                    return new Outcome(check.name(), false, "no row came back");
                }
                boolean passed = row.getBoolean(1);
                return new Outcome(check.name(), passed, "answered " + row.getObject(1));
            }
        } catch (SQLException e) {
            return new Outcome(check.name(), false, PgFailures.message(e));
        }
    }

    private static Outcome http(Check.Http check) {
        try (HttpClient client = HttpClient.newBuilder().connectTimeout(check.timeout()).build()) {
            HttpRequest request = HttpRequest.newBuilder(check.url()).timeout(check.timeout()).GET().build();
            int status = client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return new Outcome(check.name(), status == check.expect(),
                    "answered %d, %d expected".formatted(status, check.expect()));
        } catch (IOException e) {
            return new Outcome(check.name(), false, "no answer from %s: %s".formatted(check.url(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Outcome(check.name(), false, "was cancelled");
        }
    }

    private static Outcome command(Check.Command check) {
        List<String> words = check.command();
        Command.Result<String> result = Command.of(words.get(0), words.subList(1, words.size()).toArray(String[]::new))
                .withDeadline(check.timeout())
                .run();
        String said = (result.value() + result.stderr()).strip();
        return new Outcome(check.name(), result.succeeded(),
                "exit %d%s".formatted(result.exit(), said.isEmpty() ? "" : ": " + said.substring(0, Math.min(SHOWN, said.length()))));
    }
}
