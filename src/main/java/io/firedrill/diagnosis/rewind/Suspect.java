package io.firedrill.diagnosis.rewind;

import java.util.OptionalLong;

/**
 * A transaction that did what the symptom says.
 *
 * @param rows how many rows of the table it took or changed; empty when it took all at one stroke
 */
public record Suspect(Deed deed, WalTransaction transaction, OptionalLong rows) {

    /** In the words of SQL. */
    public enum Deed {
        DELETE,
        UPDATE,
        TRUNCATE,
        DROP_TABLE,
        DROP_DATABASE
    }
}
