package io.firedrill.recovery;

import io.firedrill.recovery.surgical.TableChange;
import java.util.ArrayList;
import java.util.List;

/** What putting one table back would do, in sentences. */
final class TableText {
    private TableText() {}

    static List<String> of(String database, TableChange change) {
        List<String> lines = new ArrayList<>();
        String name = "%s: %s".formatted(database, change.name());
        if (change.mode().equals(TableChange.WHOLE_TABLE)) {
            lines.add("%s is gone and comes back whole%s".formatted(name, change.backupRows() == null ? "" : ", %,d rows".formatted(change.backupRows())));
        } else if (change.missing() == null) {
            lines.add(expected(name, change));
        } else {
            lines.add("%s: %,d rows are inserted that the live table lacks%s; its %,d rows stay, %,d of them newer than the copy".formatted(
                    name, change.missing(), change.key().isEmpty() ? "" : " by " + String.join(", ", change.key()), nil(change.liveRows()), nil(change.newer())));
            if (nil(change.conflicts()) > 0) {
                lines.add("%s: %,d rows are in both and differ: a person decides; unless told otherwise the live ones stay".formatted(name, nil(change.conflicts())));
            }
            if (nil(change.blocked()) > 0) {
                lines.add("%s: %,d lost rows stay out, as newer rows have their unique values; they are kept beside".formatted(name, nil(change.blocked())));
            }
            change.examples().forEach(example -> lines.add("%s: %s: %s".formatted(name, example.key(), example.what())));
        }
        change.notes().forEach(note -> lines.add("%s: %s".formatted(name, note)));
        return lines;
    }

    /** Before there is a scratch copy, from counts alone. */
    private static String expected(String name, TableChange change) {
        String counted = change.backupRows() == null
                ? "has %,d rows now".formatted(nil(change.liveRows()))
                : "has %,d rows now and %,d in the backup: %,d or more are missing".formatted(
                        nil(change.liveRows()), change.backupRows(), Math.max(0, change.backupRows() - nil(change.liveRows())));
        return "%s %s; rows that it lacks are inserted, its own stay. Exact numbers and rows that differ are counted on the scratch copy, before anybody approves"
                .formatted(name, counted);
    }

    private static long nil(@org.jspecify.annotations.Nullable Long number) {
        return number == null ? 0 : number;
    }
}
