package io.firedrill.demo;

import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Does a fault for real, and tells exactly what was run. */
final class Damage {
    private final Shop shop;
    private final Path uploads;
    private final LocalPostgres primary;

    /** @param primary the shop's server */
    Damage(Shop shop, Path uploads, LocalPostgres primary) {
        this.shop = shop;
        this.uploads = uploads;
        this.primary = primary;
    }

    /** The statements and commands that were run. */
    List<String> inflict(Fault fault) {
        return switch (fault) {
            case DELETED_ROWS -> List.of(sql("DELETE FROM shop.order_items"), remove("users/02", "users/03", "users/07"));
            case DROPPED_TABLE -> List.of(sql("DROP TABLE shop.order_items CASCADE"));
            case CORRUPT_PAGE -> corruptPage(table("shop.order_items"));
            case MISSING_RELATION_FILE -> List.of(sql("CHECKPOINT"), run(List.of("rm", table("shop.orders").toString())));
            case ENCRYPTED_FILES -> List.of(new Ransom(uploads).encrypt());
            case DISK_FULL -> throw new IllegalArgumentException("Done by SmallDisk, where the demo has one.");
            case LOST_FILES -> List.of(run(List.of("find", uploads.toString(), "-mindepth", "1", "-delete")));
            case DEAD_PRIMARY -> List.of(killPrimary(), run(List.of(
                    "rm", "-rf", primary.data().resolve("global").toString(), primary.data().resolve("base").toString())));
        };
    }

    /** The server and all its processes at once, as a power cut would. */
    private String killPrimary() {
        try {
            long pid = Long.parseLong(Files.readAllLines(primary.data().resolve("postmaster.pid")).getFirst().strip());
            ProcessHandle postmaster = ProcessHandle.of(pid).orElseThrow();
            List<ProcessHandle> all = Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
            all.forEach(ProcessHandle::destroyForcibly);
            all.forEach(process -> process.onExit().join());
            return "kill -9 %d and its %d processes".formatted(pid, all.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path table(String name) {
        return primary.data().resolve(shop.text("select pg_relation_filepath('" + name + "')"));
    }

    /** A server that has the page in memory would not see what happened to the disk. */
    private List<String> corruptPage(Path file) {
        primary.stop();
        String overwrite = run(List.of("dd", "if=/dev/urandom", "of=" + file, "bs=8192", "seek=100", "count=1", "conv=notrunc", "status=none"));
        primary.start();
        return List.of("pg_ctl stop", overwrite, "pg_ctl start");
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
