package io.firedrill.store;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Verdicts on backups: write-once objects {@code checked.MOMENT.json} and {@code quarantined.MOMENT.json}; the newest holds. */
public final class Verdicts {
    private static final Marks MARKS = new Marks(List.of("checked", "quarantined"));

    private Verdicts() {}

    /** Saying the same at the same millisecond again is no error. */
    public static void write(Store store, Manifest manifest, Verdict verdict) {
        Verdict exact = new Verdict(verdict.good(), verdict.at().truncatedTo(ChronoUnit.MILLIS), verdict.note());
        MARKS.write(store, manifest, verdict.good() ? "checked" : "quarantined", exact.at(), exact);
    }

    /** The newest verdict among a backup's objects; of two of one moment the bad one holds. */
    static Optional<Verdict> newest(Store store, List<String> keys) {
        return MARKS.newest(keys).map(mark -> read(store, mark));
    }

    private static Verdict read(Store store, Marks.Mark mark) {
        boolean good = mark.word().equals("checked");
        // A good verdict's name says it all, unless a clock was wrong; a quarantine has a reason to look up.
        if (good && !mark.moment().isAfter(Instant.now())) {
            return new Verdict(true, mark.moment(), "");
        }
        JsonNode body = Marks.body(store, mark);
        String note = good ? "" : body.path("note").asString("quarantined; the reason cannot be read");
        return new Verdict(good, Marks.at(body, mark), note);
    }
}
