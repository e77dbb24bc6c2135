package io.firedrill.physical;

import io.firedrill.plan.Database;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.store.Keys;
import io.firedrill.store.Stores;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One receiver for each server whose WAL the plan wants all the time. */
public final class WalReceivers implements AutoCloseable {
    private final List<WalReceiver> receivers;

    private WalReceivers(List<WalReceiver> receivers) {
        this.receivers = List.copyOf(receivers);
    }

    /**
     * Starts them.
     *
     * @param folder the spools' folder, on this host
     * @param alarm told once of each trouble that a person must see to
     */
    public static WalReceivers start(
            RecoveryPlan plan, Stores stores, Keys keys, Path folder, Consumer<String> alarm, Clock clock) {
        List<WalReceiver> receivers = new ArrayList<>();
        for (Service service : plan.services().values()) {
            for (Database db : service.walSources()) {
                receivers.add(new WalReceiver(
                        new WalSource(service.name(), db.name()), db, service.objectives().rpo().dividedBy(3),
                        folder.resolve(service.name()).resolve(db.name()), stores, keys, WalReceiver.Settings.USUAL, alarm, clock));
            }
        }
        receivers.forEach(WalReceiver::start);
        return new WalReceivers(receivers);
    }

    /** In the plan's order. */
    public List<WalStatus> status() {
        return receivers.stream().map(WalReceiver::status).toList();
    }

    @Override
    public void close() {
        receivers.forEach(WalReceiver::close);
    }
}
