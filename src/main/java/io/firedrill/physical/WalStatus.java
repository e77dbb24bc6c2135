package io.firedrill.physical;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How receiving one server's WAL stands.
 *
 * @param server host and port
 * @param state what is happening
 * @param lastArchivedLsn up to here every store has the WAL; null: nothing yet
 * @param lastArchivedAt when that was
 * @param recoverableTo newest commit in it
 * @param gap which WAL is missing, so that a new base backup is needed; null: none
 * @param trouble what hinders receiving, archiving or switching; null: nothing
 */
public record WalStatus(
        String service,
        String source,
        String server,
        State state,
        @Nullable String lastArchivedLsn,
        @Nullable Instant lastArchivedAt,
        @Nullable Instant recoverableTo,
        long spoolBytes,
        @Nullable String gap,
        @Nullable String trouble) {

    public enum State {
        /** Begins. */
        STARTING,
        STREAMING,
        /** Another node holds the slot. */
        ELSEWHERE,
        /** The connection is lost or refused; it is tried again. */
        RETRYING,
        /** The spool is full: the server keeps its WAL meanwhile. */
        HELD
    }
}
