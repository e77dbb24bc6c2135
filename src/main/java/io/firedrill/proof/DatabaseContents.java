package io.firedrill.proof;

import java.util.List;
import java.util.Map;

/**
 * What a database holds, independent of physical row order, so that a source and its restored copy compare equal.
 *
 * @param tables every ordinary table and leaf partition whose rows a dump carries, sorted by schema then name
 * @param sequences sorted by schema then name; sequences do not obey snapshots, hence a range
 * @param largeObjects all large objects together
 * @param inventory what there is besides rows: per category (e.g. {@code columns}, {@code owners}, {@code grants},
 *     {@code functions}) how many lines and their digest, order-independent
 * @param notProven relations left out and why, e.g. foreign tables
 */
public record DatabaseContents(
        List<TableContent> tables,
        List<SequenceRange> sequences,
        LargeObjects largeObjects,
        Map<String, CategoryDigest> inventory,
        List<NotProven> notProven) {

    /**
     * @param digest of the multiset of rows in COPY text form: the sum modulo 2^256 of each row's SHA-256, hex
     */
    public record TableContent(String schema, String table, long rows, String digest) {}

    /** The value given out last lies within {@code from}..{@code to} (inclusive) in the dump; see {@link Sequences}. */
    public record SequenceRange(String schema, String sequence, long from, long to) {}

    /** {@code bytes}: the sum of their lengths, holes included. */
    public record LargeObjects(long count, long bytes, String digest) {}

    public record CategoryDigest(long lines, String digest) {}

    public record NotProven(String relation, String why) {}

    /** Rows in all tables. */
    public long rows() {
        return tables.stream().mapToLong(TableContent::rows).sum();
    }
}
