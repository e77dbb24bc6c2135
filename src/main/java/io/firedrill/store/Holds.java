package io.firedrill.store;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Legal holds: write-once objects {@code held.MOMENT.json} and {@code released.MOMENT.json}; the newest holds. */
public final class Holds {
    private static final Marks MARKS = new Marks(List.of("released", "held"));

    private Holds() {}

    /** Said in every store that has a copy, so that any one of them tells it. */
    public static void write(Store store, Manifest manifest, Hold hold) {
        Hold exact = new Hold(hold.held(), hold.at().truncatedTo(ChronoUnit.MILLIS), hold.by(), hold.reason());
        MARKS.write(store, manifest, hold.held() ? "held" : "released", exact.at(), exact);
    }

    /** What the store itself says now; empty: never held there. */
    public static Optional<Hold> find(Store store, Manifest manifest) {
        return newest(store, Marks.keys(store, manifest));
    }

    static Optional<Hold> newest(Store store, List<String> keys) {
        return MARKS.newest(keys).map(mark -> read(store, mark));
    }

    private static Hold read(Store store, Marks.Mark mark) {
        JsonNode body = Marks.body(store, mark);
        return new Hold(
                mark.word().equals("held"),
                Marks.at(body, mark),
                body.path("by").asString("unknown"),
                body.path("reason").asString("the reason cannot be read"));
    }
}
