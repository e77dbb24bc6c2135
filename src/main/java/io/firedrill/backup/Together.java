package io.firedrill.backup;

import io.firedrill.failure.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Two pieces of work at the same time; the first to fail ends the other. */
final class Together {
    private Together() {}

    /** @return the second's result, once both are done and nothing of either still runs */
    static <T> T run(Runnable first, Supplier<T> second) {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        CompletableFuture<Void> trouble = new CompletableFuture<>();
        try {
            CompletableFuture<Void> one = CompletableFuture.runAsync(first, threads);
            CompletableFuture<T> two = CompletableFuture.supplyAsync(second, threads);
            CompletableFuture.allOf(one, two).thenRun(() -> trouble.complete(null));
            one.whenComplete((done, error) -> failWith(trouble, error));
            two.whenComplete((done, error) -> failWith(trouble, error));
            trouble.get();
            return two.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "The backup was cancelled.", "It was stopped half-way; nothing of it is left.",
                            "Start it again.")
                    .passing(e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException own ? own : new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
            threads.close();
        }
    }

    private static void failWith(CompletableFuture<Void> trouble, @Nullable Throwable error) {
        if (error != null) {
            boolean wrapped = error instanceof CompletionException && error.getCause() != null;
            trouble.completeExceptionally(wrapped ? error.getCause() : error);
        }
    }
}
