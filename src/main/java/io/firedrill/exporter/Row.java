package io.firedrill.exporter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one record changes in one typed table: the parameters of {@link Table#upsert()}. */
record Row(Table table, List<@Nullable Object> parameters) {
    static Row of(Table table, long key, long position, @Nullable Object... columns) {
        List<@Nullable Object> parameters = new ArrayList<>(columns.length + 2);
        parameters.add(key);
        for (Object column : columns) {
            parameters.add(column);
        }
        parameters.add(position);
        return new Row(table, parameters);
    }
}
