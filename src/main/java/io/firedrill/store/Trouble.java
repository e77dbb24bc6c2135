package io.firedrill.store;

import io.firedrill.failure.Failure;

/** Failures that every kind of store shares. {@code where} names the object and the store. */
final class Trouble {
    private Trouble() {}

    static Failure exists(String where) {
        return new Failure(
                "object-exists",
                "%s exists already.".formatted(where),
                "Objects are never rewritten: the old one is untouched.",
                "Another run wrote it first; look at it with: firedrill backups");
    }

    static Failure missing(String where) {
        return new Failure(
                "object-missing",
                "%s is not there.".formatted(where),
                "This copy of the backup is not complete and was not used.",
                "Use another copy or an older backup; look for what removes objects from that store.");
    }

    static Failure refused(String where, String why) {
        return new Failure(
                "store-refused",
                "Access to %s was refused: %s.".formatted(where, why),
                "Nothing was changed there.",
                "Check the store's credentials and permissions in the plan, then try again.");
    }

    static Failure full(String where) {
        return new Failure(
                "store-full",
                "There is no space left for %s.".formatted(where),
                "This backup was not written and nothing of it is left; earlier ones are untouched.",
                "Free space there (firedrill expires old backups by the plan's 'keep'), then try again.");
    }

    /** {@code code}: {@code corrupt-object} or {@code truncated-object}; {@code why} is a verb phrase. */
    static Failure bad(String code, String where, String why) {
        return new Failure(
                code,
                "%s %s.".formatted(where, why),
                "This copy of the backup cannot be trusted and was not used; other copies and backups are unaffected.",
                "Use another copy or an older backup, and look for faults of that store's disk or server.");
    }
}
