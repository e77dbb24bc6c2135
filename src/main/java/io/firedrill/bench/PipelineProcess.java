package io.firedrill.bench;

import io.firedrill.failure.Failure;
import io.firedrill.tool.Command;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** A {@link Pipeline} that is told by its standard input what to take, one backup after the other. */
final class PipelineProcess {
    private static final Duration DEADLINE = Duration.ofHours(6);
    private static final String END = "end";

    private final Path plan;
    private BlockingQueue<String> asked = new LinkedBlockingQueue<>();
    private BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private @Nullable CompletableFuture<Command.Result<Boolean>> running;

    PipelineProcess(Path plan) {
        this.plan = plan;
    }

    /** Hears of each stage of a backup, {@link Pipeline#SEALED} and {@link Pipeline#CHECKED}, as it is done. */
    interface Stages {
        void done(String stage, long bytes);
    }

    void start() {
        BlockingQueue<String> in = new LinkedBlockingQueue<>();
        BlockingQueue<String> out = new LinkedBlockingQueue<>();
        asked = in;
        told = out;
        Command pipeline = Command.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m", "-XX:+UseSerialGC", "-Xshare:auto", "--enable-native-access=ALL-UNNAMED",
                        "-cp", System.getProperty("java.class.path"), Pipeline.class.getName(), plan.toString())
                .withDeadline(DEADLINE);
        CompletableFuture<Command.Result<Boolean>> ended = new CompletableFuture<>();
        running = ended;
        Thread.ofVirtual().name("pipeline").start(() -> {
            try {
                ended.complete(pipeline.run(stdin -> ask(stdin, in), stdout -> listen(stdout, out)));
            } catch (RuntimeException e) {
                ended.completeExceptionally(e);
            } finally {
                out.add(END);
            }
        });
    }

    private static void ask(OutputStream stdin, BlockingQueue<String> asked) throws IOException {
        try {
            for (String kind = asked.take(); !kind.equals(END); kind = asked.take()) {
                stdin.write((kind + "\n").getBytes(StandardCharsets.UTF_8));
                stdin.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean listen(InputStream stdout, BlockingQueue<String> told) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(stdout, StandardCharsets.UTF_8));
        lines.lines().forEach(told::add);
        return true;
    }

    /** Takes one and checks it. */
    void backup(String kind, Stages stages) {
        asked.add(kind);
        try {
            for (String stage = ""; !stage.equals(Pipeline.CHECKED); ) {
                String[] words = told.take().split(" ");
                stage = words[0];
                if (stage.equals(END)) {
                    throw failed();
                }
                if (stage.equals(Pipeline.SEALED) || stage.equals(Pipeline.CHECKED)) {
                    stages.done(stage, Long.parseLong(words[1]));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "The benchmark was cancelled.", "Its data were throwaway.", "Start it again.").passing(e);
        }
    }

    private RuntimeException failed() {
        String said = running == null ? "" : running.handle((result, e) -> result == null ? String.valueOf(e) : result.stderr().strip()).join();
        return new Failure("bench-pipeline-failed", "Firedrill's backup failed in the benchmark: " + said,
                        "The benchmark was ended; its data were throwaway.", "See what it says, then start the benchmark again.")
                .lasting();
    }

    /** Nothing of it runs afterwards. */
    void end() {
        asked.add(END);
        if (running != null) {
            running.handle((result, e) -> true).join();
            running = null;
        }
    }
}
