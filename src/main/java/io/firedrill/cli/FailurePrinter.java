package io.firedrill.cli;

import io.firedrill.client.ApiException;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.PlanException;
import io.firedrill.terminal.FailureLines;
import io.firedrill.terminal.Terminal;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** Turns whatever a command throws into lines for people and an exit code; never a stack trace. */
final class FailurePrinter implements CommandLine.IExecutionExceptionHandler {
    /** What was named is there but will not do. */
    private static final Set<String> INPUT =
            Set.of("target-not-empty", "target-in-use", "no-key", "wrong-key", "key-missing", "key-unreadable", "older-server");

    @Override
    public int handleExecutionException(Exception problem, CommandLine command, ParseResult parsed) throws Exception {
        Terminal terminal = Terminal.onStandardError();
        switch (problem) {
            case CommandLine.ParameterException usage -> throw usage;
            case PlanException plan -> plan.mistakes().forEach(mistake -> terminal.line(mistake.toString()));
            case ApiException api -> terminal.lines(FailureLines.of(api.failure()));
            case FailureException failure -> terminal.lines(FailureLines.of(failure.failure()));
            default -> terminal.lines(FailureLines.of(unexpected(problem)));
        }
        return exitCode(problem);
    }

    private static int exitCode(Exception problem) {
        return switch (problem) {
            case PlanException plan -> Exit.BAD_INPUT;
            case ApiException api when api.noServer() -> Exit.NO_SERVER;
            case ApiException api when api.badInput() -> Exit.BAD_INPUT;
            case FailureException failure when aboutInput(failure.failure().code()) -> Exit.BAD_INPUT;
            default -> Exit.FAILED;
        };
    }

    private static boolean aboutInput(String code) {
        return code.startsWith("unknown-") || code.startsWith("bad-") || INPUT.contains(code);
    }

    private static Failure unexpected(Exception problem) {
        return new Failure(
                "unexpected",
                "Firedrill met something it does not expect: %s.".formatted(problem),
                "The command did not finish. Runs in the engine are not affected by this.",
                "Please report it with the line above and what you did.");
    }
}
