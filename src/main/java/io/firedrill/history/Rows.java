package io.firedrill.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/** Columns that may be null. */
final class Rows {
    private Rows() {}

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    /** A start that was never exported (the exporter was added later) shows as the beginning of time. */
    static Instant start(ResultSet row, String column) throws SQLException {
        Instant time = instant(row, column);
        return time == null ? Instant.EPOCH : time;
    }

    static @Nullable Long key(ResultSet row, String column) throws SQLException {
        long key = row.getLong(column);
        return row.wasNull() ? null : key;
    }
}
