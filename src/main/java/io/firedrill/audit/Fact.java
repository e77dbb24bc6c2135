package io.firedrill.audit;

import java.util.Locale;

/** What an {@link Entry} may say besides who, what, when and how it ended; docs/audit.md tells each. */
public enum Fact {
    /** Where from: the client's network address. */
    ADDRESS,
    /** With what: the client's User-Agent. */
    AGENT,
    /** How they are known: {@code session}, {@code token NAME}, {@code server-token}, {@code engine}. */
    BY,
    /** The host that recorded it. */
    NODE,
    SERVICE,
    INCIDENT,
    RUN,
    TASK,
    /** The engine's id of the step. */
    ELEMENT,
    /** What it was done to when that is none of the above: a backup, a person, a token. */
    SUBJECT,
    /** SHA-256 of what was shown to whoever decided; the text itself is kept under it. */
    SAW,
    DECIDED,
    REASON,
    /** The failure's code. */
    CODE,
    /** How it was asked: method and path. */
    REQUEST,
    DETAIL,
    /** The engine's record, {@code PARTITION/POSITION}. */
    RECORD,
    /** SHA-256 of the engine's record. */
    DIGEST;

    /** As in the entry. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
