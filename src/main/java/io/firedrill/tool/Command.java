package io.firedrill.tool;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One run of an external program: arguments as a list and never through a shell, secrets only through the environment,
 * standard streams as they come, a deadline, and the program killed with its children when the deadline passes, the
 * calling thread is interrupted or a stream's other side fails. Instances are immutable; each {@code with…} returns a
 * changed copy.
 */
public record Command(
        List<String> arguments, Map<String, String> environment, @Nullable Path directory, Duration deadline) {
    /** Exit codes above tell the signal that ended a program. */
    static final int SIGNALLED = 128;

    private static final int SIGNALS_AT_MOST = 10;
    private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(1);

    public Command {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
    }

    public static Command of(String program, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add(0, program);
        return new Command(all, Map.of(), null, DEFAULT_DEADLINE);
    }

    public Command with(String... more) {
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of(more));
        return new Command(all, environment, directory, deadline);
    }

    /** Puts words in front, e.g. a program that runs this one as another user. */
    public Command behind(List<String> prefix) {
        List<String> all = new ArrayList<>(prefix);
        all.addAll(arguments);
        return new Command(all, environment, directory, deadline);
    }

    public Command withEnvironment(Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>(environment);
        all.putAll(more);
        return new Command(arguments, all, directory, deadline);
    }

    public Command withDirectory(Path directory) {
        return new Command(arguments, environment, directory, deadline);
    }

    public Command withDeadline(Duration deadline) {
        return new Command(arguments, environment, directory, deadline);
    }

    /** Name of the program without its folder. */
    public String program() {
        return Path.of(arguments.get(0)).getFileName().toString();
    }

    /** What came of it. {@code value} is what the output's reader returned; {@code stderr} its last 64 KiB. */
    public record Result<T>(int exit, T value, String stderr) {
        public boolean succeeded() {
            return exit == 0;
        }
    }

    /** Reads the program's standard output to its end. */
    @FunctionalInterface
    public interface Output<T> {
        T read(InputStream stdout) throws IOException;
    }

    /** Writes the program's standard input; it is closed afterwards. */
    @FunctionalInterface
    public interface Input {
        Input NONE = stdin -> {};

        void write(OutputStream stdin) throws IOException;
    }

    /** Runs it, output as text. */
    public Result<String> run() {
        return run(Input.NONE, stdout -> new String(stdout.readAllBytes(), StandardCharsets.UTF_8));
    }

    /**
     * Runs it. A non-zero exit is a result, not an exception; the caller maps it. When the input's writer or the output's
     * reader fails by itself (not because the program went away), the program is killed and that failure is thrown.
     *
     * @throws FailureException {@code missing-tool}, {@code deadline-passed}, {@code cancelled}, or what a stream's other
     *     side threw
     */
    public <T> Result<T> run(Input input, Output<T> output) {
        Process process = start();
        Streams<T> streams = new Streams<>(this, process, input, output);
        try {
            long end = System.nanoTime() + deadline.toNanos();
            await(streams.over(), end);
            int exit = await(streams.exit(), end);
            return new Result<>(exit, await(streams.reading(), end), await(streams.stderr(), end));
        } finally {
            streams.close();
        }
    }

    private Process start() {
        ProcessBuilder builder = new ProcessBuilder(arguments);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().putAll(environment);
        if (directory != null) {
            builder.directory(directory.toFile());
        }
        return start(builder, SIGNALS_AT_MOST);
    }

    private static boolean beforeItBegan(IOException e) {
        return String.valueOf(e.getMessage()).matches("(?s).*spawn helper: pid: \\d+, signal: [1-9].*");
    }

    /** A signal to the whole group may end the JDK's helper before it has become the program: then nothing was begun, and it is started again. */
    private Process start(ProcessBuilder builder, int times) {
        try {
            return builder.start();
        } catch (IOException e) {
            if (times > 1 && beforeItBegan(e)) {
                return start(builder, times - 1);
            }
            throw new Failure(
                            "missing-tool",
                            "The program %s could not be started: %s.".formatted(arguments.get(0), e.getMessage()),
                            "This step did nothing.",
                            "Install it on this host, then try again.")
                    .lasting(e);
        }
    }

    private <T> T await(CompletableFuture<T> future, long end) {
        try {
            return future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new Failure(
                            "deadline-passed",
                            "%s did not finish within %s.".formatted(program(), Words.of(deadline)),
                            "It was stopped; what it had not finished is not there.",
                            "Look whether the host or the network is overloaded, then try again.")
                    .passing(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", program() + " was cancelled.", "It was stopped half-way.", "Start the step again.")
                    .passing(e);
        } catch (ExecutionException e) {
            throw thrown(e.getCause());
        }
    }

    private RuntimeException thrown(Throwable cause) {
        return switch (cause) {
            case RuntimeException own -> own;
            case Error error -> throw error;
            default -> new Failure(
                            "broken-pipe",
                            "Passing data to or from %s failed: %s".formatted(program(), cause.getMessage()),
                            "It was stopped; what it had not finished is not there.",
                            "Try again.")
                    .passing(cause);
        };
    }
}
