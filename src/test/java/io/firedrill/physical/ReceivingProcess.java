package io.firedrill.physical;

import io.firedrill.backup.PhysicalScene;
import io.firedrill.plan.Database;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A process of its own that receives WAL until it is killed: folder, port, user, password file. */
final class ReceivingProcess {
    private ReceivingProcess() {}

    public static void main(String[] words) throws Exception {
        Path folder = Path.of(words[0]);
        Database db = new Database("orders", "127.0.0.1", Integer.parseInt(words[1]), words[2], "orders", Map.of(),
                Optional.of(Path.of(words[3])));
        try (PhysicalScene scene = new PhysicalScene(folder, db);
                WalReceiver receiver = new WalReceiver(new WalSource("shop", "orders"), db, Duration.ofMillis(300),
                        folder.resolve("spool"), scene.stores(), scene.keys(), WalReceiver.Settings.USUAL,
                        System.err::println, Clock.systemUTC())) {
            receiver.start();
            Thread.currentThread().join();
        }
    }
}
