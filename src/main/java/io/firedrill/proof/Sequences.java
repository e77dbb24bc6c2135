package io.firedrill.proof;

import io.firedrill.plan.Database;
import io.firedrill.proof.DatabaseContents.SequenceRange;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where sequences stand: the value each gave out last. One that has given out nothing yet counts as standing one step
 * before its next value.
 */
public final class Sequences {
    private static final int PER_QUERY = 200;

    private Sequences() {}

    /**
     * Sequences do not obey snapshots: from a reading before a dump and one after it, the range in which the dump's value
     * lies. Has the sequences of {@code dumped}, which only tells which ones there are.
     */
    public static List<SequenceRange> span(
            List<SequenceRange> dumped, List<SequenceRange> before, List<SequenceRange> after) {
        Map<List<String>, SequenceRange> earlier = byName(before);
        Map<List<String>, SequenceRange> later = byName(after);
        return dumped.stream()
                .map(range -> widen(widen(range, earlier.get(name(range))), later.get(name(range))))
                .toList();
    }

    private static SequenceRange widen(SequenceRange range, @org.jspecify.annotations.Nullable SequenceRange other) {
        return other == null
                ? range
                : new SequenceRange(range.schema(), range.sequence(), Math.min(range.from(), other.from()),
                        Math.max(range.to(), other.to()));
    }

    private static Map<List<String>, SequenceRange> byName(List<SequenceRange> ranges) {
        Map<List<String>, SequenceRange> byName = new HashMap<>();
        ranges.forEach(range -> byName.put(name(range), range));
        return byName;
    }

    private static List<String> name(SequenceRange range) {
        return List.of(range.schema(), range.sequence());
    }

    static List<SequenceRange> read(Database db) {
        try (Session session = Session.open(db, null)) {
            return read(session);
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    static List<SequenceRange> read(Session session) throws SQLException {
        List<Sequence> all = list(session);
        List<SequenceRange> values = new ArrayList<>();
        for (int from = 0; from < all.size(); from += PER_QUERY) {
            values.addAll(values(session, all.subList(from, Math.min(all.size(), from + PER_QUERY))));
        }
        return values;
    }

    private record Sequence(String schema, String name, long increment) {}

    private static List<Sequence> list(Session session) throws SQLException {
        List<Sequence> all = new ArrayList<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(CatalogQuery.read("sequence-values.sql", session.version(), false))) {
            while (row.next()) {
                all.add(new Sequence(row.getString(1), row.getString(2), row.getLong(3)));
            }
        }
        return all;
    }

    private static List<SequenceRange> values(Session session, List<Sequence> some) throws SQLException {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < some.size(); i++) {
            sql.append(i == 0 ? "" : " union all ").append("select ").append(i).append(", last_value, is_called from ")
                    .append(Tables.quoted(some.get(i).schema())).append('.').append(Tables.quoted(some.get(i).name()));
        }
        List<SequenceRange> values = new ArrayList<>();
        try (Statement statement = session.connection().createStatement();
                ResultSet row = statement.executeQuery(sql.append(" order by 1").toString())) {
            while (row.next()) {
                Sequence sequence = some.get(row.getInt(1));
                long value = row.getBoolean(3) ? row.getLong(2) : before(row.getLong(2), sequence.increment());
                values.add(new SequenceRange(sequence.schema(), sequence.name(), value, value));
            }
        }
        return values;
    }

    /** One step back, kept within a long. */
    private static long before(long value, long increment) {
        try {
            return Math.subtractExact(value, increment);
        } catch (ArithmeticException e) {
            return increment > 0 ? Long.MIN_VALUE : Long.MAX_VALUE;
        }
    }
}
