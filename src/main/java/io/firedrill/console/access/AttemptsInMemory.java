package io.firedrill.console.access;

import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counted by this server alone, while the state database is away; a restart forgets it. */
final class AttemptsInMemory implements Attempts {
    private static final int REMEMBERED = 10_000;

    private record Name(int failures, Instant lockedUntil) {}

    private record Address(int failures, Instant windowEnds) {}

    private final Map<String, Name> names = bounded();
    private final Map<String, Address> addresses = bounded();
    private final Clock clock;

    AttemptsInMemory(Clock clock) {
        this.clock = clock;
    }

    /** The oldest entry goes when there are too many: whoever tries ten thousand names fills no memory. */
    private static <V> Map<String, V> bounded() {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    @Override
    public synchronized Optional<Instant> refusedUntil(String name, String address) {
        Instant now = clock.instant();
        Name byName = names.get(name);
        if (byName != null && byName.lockedUntil().isAfter(now)) {
            return Optional.of(byName.lockedUntil());
        }
        Address byAddress = addresses.get(address);
        return byAddress != null && byAddress.failures() >= FAILURES_PER_ADDRESS && byAddress.windowEnds().isAfter(now)
                ? Optional.of(byAddress.windowEnds())
                : Optional.empty();
    }

    @Override
    public synchronized void failed(String name, String address) {
        Instant now = clock.instant();
        Name before = names.getOrDefault(name, new Name(0, Instant.EPOCH));
        int failures = before.failures() + 1;
        names.put(name, new Name(failures, Attempts.lockedUntil(failures, now)));
        failedFrom(address);
    }

    @Override
    public synchronized void failedFrom(String address) {
        Instant now = clock.instant();
        Address before = addresses.get(address);
        addresses.put(
                address,
                before == null || !before.windowEnds().isAfter(now)
                        ? new Address(1, now.plus(ADDRESS_WINDOW))
                        : new Address(before.failures() + 1, before.windowEnds()));
    }

    @Override
    public synchronized void succeeded(String name) {
        names.remove(name);
    }
}
