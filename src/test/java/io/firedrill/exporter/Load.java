package io.firedrill.exporter;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientException;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicBoolean;

/** Starts runs of the process {@code load} one after the other until closed; keeps those the engine acknowledged. */
final class Load implements AutoCloseable {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final Thread thread;

    Load(CamundaClient client, Queue<Long> acknowledged) {
        thread = Thread.ofVirtual().start(() -> {
            for (int n = 0; !ended.get(); n++) {
                try {
                    acknowledged.add(Lane.start(client, "load", Map.of("n", n, "text", "x".repeat(500))));
                } catch (ClientException e) {
                    // The broker is away; what it did not acknowledge does not count.
                }
            }
        });
    }

    @Override
    public void close() throws InterruptedException {
        ended.set(true);
        thread.join();
    }
}
