package io.firedrill.tool;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The three standard streams of a running program, each served by a thread of its own. The moment the other side of one
 * fails, the program and its children are killed, before its input is closed: it must not take half its input for all.
 */
final class Streams<T> implements AutoCloseable {
    private static final int STDERR_KEPT = 64 * 1024;
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String program;
    private final Process process;
    private final CompletableFuture<String> stderr;
    private final CompletableFuture<T> reading;
    private final CompletableFuture<Boolean> writing;
    private final CompletableFuture<Integer> exit;

    Streams(Command command, Process process, Command.Input input, Command.Output<T> output) {
        this.program = command.program();
        this.process = process;
        this.stderr = serve("stderr", () -> Tail.of(process.getErrorStream(), STDERR_KEPT));
        this.reading = serve("stdout", () -> output.read(process.getInputStream()));
        this.writing = serve("stdin", () -> feed(input));
        // Not Process.onExit: that waits for a thread of the common pool, which others may keep busy.
        this.exit = serve("exit", process::waitFor);
    }

    /** Completes when input and output are through, or exceptionally as soon as one of them failed. */
    CompletableFuture<Void> over() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        CompletableFuture.allOf(reading, writing).whenComplete((done, error) -> {
            if (error == null) {
                over.complete(null);
            }
        });
        for (CompletableFuture<?> stream : List.of(reading, writing)) {
            stream.whenComplete((done, error) -> {
                if (error != null) {
                    over.completeExceptionally(error);
                }
            });
        }
        return over;
    }

    CompletableFuture<T> reading() {
        return reading;
    }

    CompletableFuture<Integer> exit() {
        return exit;
    }

    CompletableFuture<String> stderr() {
        return stderr;
    }

    private boolean feed(Command.Input input) throws IOException {
        try {
            OutputStream pipe = new Pipe(process.getOutputStream());
            input.write(pipe);
            pipe.close();
            return true;
        } catch (Broken e) {
            // The program went away early; its exit status and stderr tell why, this broken pipe does not.
            return false;
        }
    }

    private <V> CompletableFuture<V> serve(String stream, Callable<V> work) {
        CompletableFuture<V> future = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name(program + "-" + stream).start(() -> {
            try {
                future.complete(work.call());
            } catch (Throwable e) {
                kill();
                future.completeExceptionally(e);
            }
        });
        return future;
    }

    private void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Leaves nothing running, whatever happened, neither processes nor threads that still hold the caller's streams. */
    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
        CompletableFuture.allOf(stderr, reading, writing)
                .completeOnTimeout(null, GRACE.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, error) -> true)
                .join();
    }

    /** Writing to the program failed, as opposed to reading what is to be written. */
    private static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(IOException cause) {
            super(cause);
        }
    }

    /** The program's own end of its standard input. */
    private static final class Pipe extends OutputStream {
        private final OutputStream stdin;

        Pipe(OutputStream stdin) {
            this.stdin = stdin;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] buffer, int offset, int length) throws IOException {
            try {
                stdin.write(buffer, offset, length);
            } catch (IOException e) {
                throw new Broken(e);
            }
        }

        @Override
        public void flush() throws IOException {
            try {
                stdin.flush();
            } catch (IOException e) {
                throw new Broken(e);
            }
        }

        @Override
        public void close() throws IOException {
            try {
                stdin.close();
            } catch (IOException e) {
                throw new Broken(e);
            }
        }
    }
}
