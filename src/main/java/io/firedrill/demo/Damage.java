package io.firedrill.demo;

import io.firedrill.tool.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Does a fault for real, and tells exactly what was run. */
final class Damage {
    private final Shop shop;
    private final Path uploads;

    Damage(Shop shop, Path uploads) {
        this.shop = shop;
        this.uploads = uploads;
    }

    /** The statements and commands that were run. */
    List<String> inflict(Fault fault) {
        return switch (fault) {
            case DELETED_ROWS -> List.of(sql("DELETE FROM shop.order_items"), remove("users/02", "users/03", "users/07"));
            case DROPPED_TABLE -> List.of(sql("DROP TABLE shop.order_items CASCADE"));
            case LOST_FILES -> List.of(run(List.of("find", uploads.toString(), "-mindepth", "1", "-delete")));
        };
    }

    private String sql(String statement) {
        shop.run(statement);
        return "psql shop -c \"" + statement + "\"";
    }

    private String remove(String... folders) {
        List<String> command = new ArrayList<>(List.of("rm", "-rf"));
        for (String folder : folders) {
            command.add(uploads.resolve(folder).toString());
        }
        return run(command);
    }

    private static String run(List<String> command) {
        String[] arguments = command.subList(1, command.size()).toArray(String[]::new);
        Command.Result<String> result = Command.of(command.getFirst(), arguments).run();
        if (!result.succeeded()) {
            throw new IllegalStateException(command + " failed: " + result.stderr());
        }
        return String.join(" ", command);
    }
}
