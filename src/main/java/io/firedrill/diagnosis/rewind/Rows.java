package io.firedrill.diagnosis.rewind;

/** What a transaction did to the rows of one relation file. */
public record Rows(long inserted, long updated, long deleted) {
    static final Rows NONE = new Rows(0, 0, 0);

    Rows plus(Rows other) {
        return new Rows(inserted + other.inserted, updated + other.updated, deleted + other.deleted);
    }
}
