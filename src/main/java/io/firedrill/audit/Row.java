package io.firedrill.audit;

/**
 * A chained entry as the state database has it.
 *
 * @param n its place, from 1 on, without gaps
 * @param line its canonical text, which names {@code n} and {@code prev}, the hash of the one before
 * @param hash SHA-256 of the line's UTF-8, lower-case hex
 */
public record Row(long n, String line, String hash) {
    /** {@code prev} of the first entry. */
    public static final String BEGINNING = "0".repeat(64);
}
