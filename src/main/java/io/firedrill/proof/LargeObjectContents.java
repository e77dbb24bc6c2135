package io.firedrill.proof;

import io.firedrill.proof.DatabaseContents.LargeObjects;
import java.nio.ByteBuffer;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * All large objects of a database. Each counts as its number, its bytes and its length; a hole reads as zeros, and zeros
 * that were written are no different, so that how pages lie does not matter.
 */
final class LargeObjectContents {
    private static final int SIGNATURE_BYTES = 19;
    private static final int READ_BYTES = 1 << 20;

    private final Session session;
    private final LongConsumer bytesRead;
    private final DigestSum sum = new DigestSum();
    private final byte[] digest = new byte[Sha256.BYTES];
    private long bytes;

    private LargeObjectContents(Session session, LongConsumer bytesRead) {
        this.session = session;
        this.bytesRead = bytesRead;
    }

    static LargeObjects measure(Session session, LongConsumer bytesRead) throws SQLException {
        LargeObjectContents contents = new LargeObjectContents(session, bytesRead);
        if ("t".equals(session.text("select has_table_privilege('pg_largeobject', 'select')"))) {
            contents.readPages(contents.numbers());
        } else {
            contents.readOneByOne(contents.numbers());
        }
        return new LargeObjects(contents.sum.count(), contents.bytes, contents.sum.hex());
    }

    /** Ascending. */
    private Deque<Long> numbers() throws SQLException {
        Deque<Long> numbers = new ArrayDeque<>();
        try (Statement statement = session.connection().createStatement()) {
            statement.setFetchSize(10_000);
            try (ResultSet row = statement.executeQuery("select oid from pg_largeobject_metadata order by oid")) {
                while (row.next()) {
                    numbers.add(row.getLong(1));
                }
            }
        }
        return numbers;
    }

    /** A superuser reads all pages in one go. */
    private void readPages(Deque<Long> numbers) throws SQLException {
        if (numbers.isEmpty()) {
            return;
        }
        long pageBytes = Long.parseLong(session.text("show block_size")) / 4;
        CopyOut copy = session.connection().unwrap(PGConnection.class).getCopyAPI().copyOut(
                "copy (select loid, pageno, data from pg_largeobject order by loid, pageno) to stdout (format binary)");
        @Nullable SparseDigest current = null;
        try {
            boolean first = true;
            for (byte[] message = copy.readFromCopy(); message != null; message = copy.readFromCopy()) {
                ByteBuffer row = ByteBuffer.wrap(message);
                row.position(first ? SIGNATURE_BYTES : 0);
                first = false;
                if (row.getShort() < 0) {
                    continue;
                }
                long number = row.getInt(4 + row.position()) & 0xffff_ffffL;
                row.position(row.position() + 8);
                row.getInt();
                long page = row.getInt();
                int length = row.getInt();
                if (current == null || current.number() != number) {
                    finish(current);
                    finishEmptyBefore(numbers, number);
                    current = new SparseDigest(number);
                }
                current.add(page * pageBytes, message, row.position(), length);
                bytesRead.accept(length);
            }
        } finally {
            if (copy.isActive()) {
                copy.cancelCopy();
            }
        }
        finish(current);
        finishEmptyBefore(numbers, Long.MAX_VALUE);
    }

    /** Those without any page do not show among the pages. */
    private void finishEmptyBefore(Deque<Long> numbers, long next) {
        for (Long number = numbers.peek(); number != null && number <= next; number = numbers.peek()) {
            numbers.remove();
            if (number < next) {
                finish(new SparseDigest(number));
            }
        }
    }

    private void readOneByOne(Deque<Long> numbers) throws SQLException {
        try (PreparedStatement get = session.connection().prepareStatement("select lo_get(?::oid, ?, ?)")) {
            for (long number : numbers) {
                SparseDigest one = new SparseDigest(number);
                for (byte[] part = part(get, number, 0); part.length > 0; part = part(get, number, one.length())) {
                    one.add(one.length(), part, 0, part.length);
                    bytesRead.accept(part.length);
                }
                finish(one);
            }
        }
    }

    private static byte[] part(PreparedStatement get, long number, long offset) throws SQLException {
        get.setLong(1, number);
        get.setLong(2, offset);
        get.setInt(3, READ_BYTES);
        try (ResultSet row = get.executeQuery()) {
            row.next();
            return row.getBytes(1);
        }
    }

    private void finish(@Nullable SparseDigest one) {
        if (one != null) {
            one.finishInto(digest);
            sum.add(digest);
            bytes += one.length();
        }
    }
}
