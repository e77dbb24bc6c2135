package io.firedrill.recovery.surgical;

import static java.util.stream.Collectors.joining;

import io.firedrill.recovery.surgical.TableChange.Conflict;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Shows some rows that are in both and differ: their keys and which columns, never what these hold. */
final class Differences {
    private final TableSession live;
    private final TableSession copy;
    private final Shape shape;
    private final int number;

    Differences(TableSession live, TableSession copy, Shape shape, int number) {
        this.live = live;
        this.copy = copy;
        this.shape = shape;
        this.number = number;
    }

    List<Conflict> examples(int most) {
        String columns = shape.names().stream().map(column -> "md5(r.%s::text)".formatted(TableName.quoted(column))).collect(joining(", "));
        String key = shape.key().stream().map(column -> "r.%s::text".formatted(TableName.quoted(column))).collect(joining(", "));
        return copy.rows("select %s, %s, %s from %s r order by %s limit %d".formatted(Shape.shown("r", shape.key()), key, columns,
                        Comparison.noted("conflict", number), Shape.list("r", shape.key()), most)).stream()
                .map(row -> new Conflict(String.valueOf(row.getFirst()), differing(row, columns)))
                .toList();
    }

    private String differing(List<@Nullable String> row, String columns) {
        int keys = shape.key().size();
        String where = IntStream.range(0, keys)
                .mapToObj(i -> "r.%s = %s::%s".formatted(TableName.quoted(shape.key().get(i)),
                        Shape.text(String.valueOf(row.get(1 + i))), type(shape.key().get(i))))
                .collect(joining(" and "));
        var now = live.rows("select %s from %s where %s".formatted(columns, shape.from("r"), where));
        return now.isEmpty() ? "" : IntStream.range(0, shape.columns().size())
                .filter(i -> !Objects.equals(now.getFirst().get(i), row.get(1 + keys + i)))
                .mapToObj(i -> shape.columns().get(i).name())
                .collect(joining(", ", "differs in ", ""));
    }

    private String type(String column) {
        return shape.columns().stream().filter(one -> one.name().equals(column)).findFirst().orElseThrow().type();
    }
}
