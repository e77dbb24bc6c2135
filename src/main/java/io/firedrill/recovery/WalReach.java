package io.firedrill.recovery;

import io.firedrill.diagnosis.Evidence.Trace;
import io.firedrill.tool.Lsn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Which moments one base backup and the WAL archived after it can bring back, and what that takes. */
interface WalReach {
    int timeline();

    /** The base backup's own end; nothing before can be reached. */
    Lsn from();

    boolean reaches(Instant moment);

    boolean reaches(Lsn position);

    /** From where to where, for messages; with the gap that ends it. */
    String words();

    /** The newest commit known to be before the position, or the base backup's end. */
    Instant commitBefore(Lsn position);

    /** Cluster that the WAL is of, decimal. */
    String systemIdentifier();

    /**
     * Looks through the WAL for what did the damage.
     *
     * @param from the last position at which all was well
     * @param home folder for what is fetched meanwhile
     */
    Optional<HarmfulTransaction.Found> harm(Lsn from, List<Trace> traces, Path home);

    /** On this host's disk for a scratch server brought to there; null: as far as it goes. */
    long scratchBytes(@org.jspecify.annotations.Nullable Lsn to);

    /** Fetched for all of it, about. */
    long readBytes();
}
