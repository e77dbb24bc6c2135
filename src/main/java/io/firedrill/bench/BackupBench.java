package io.firedrill.bench;

import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Programs;
import io.firedrill.tool.Words;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/** Backups of one generated database by everybody's tools and by Firedrill, side by side in one run. */
final class BackupBench {
    private static final String LOGICAL = "logical";
    private static final String PHYSICAL = "physical";
    private static final String SECOND_PHYSICAL = "Firedrill physical after 1 %, sealed on S3";
    private static final List<String> COMPRESSIONS = List.of("zst", "lz4");

    private final Terminal terminal;
    private final long databaseBytes;
    private final int rounds;

    /** @param databaseBytes at least so large, indexes included */
    BackupBench(Terminal terminal, long databaseBytes, int rounds) {
        this.terminal = terminal;
        this.databaseBytes = databaseBytes;
        this.rounds = rounds;
    }

    /** @param folder for everything it makes; removed again */
    Results run(Path folder, Path dist) {
        requireTools();
        Workshop workshop = Workshop.open(folder, dist, databaseBytes);
        Thread atExit = new Thread(workshop::breakOff);
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            return race(workshop);
        } finally {
            workshop.close();
            forget(atExit);
        }
    }

    private static void forget(Thread atExit) {
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            // It is running: the benchmark was broken off.
        }
    }

    private static void requireTools() {
        List.of("initdb", "pg_ctl", "pg_dump", "pg_basebackup", "pgbackrest").forEach(Programs::find);
        Tools.aws();
    }

    private Results race(Workshop workshop) {
        GeneratedDatabase server = new GeneratedDatabase(workshop.database("postgres"));
        server.execute("create database " + Workshop.DATABASE);
        GeneratedDatabase shop = new GeneratedDatabase(workshop.database(Workshop.DATABASE));
        shop.fill(databaseBytes, done -> terminal.status("Generating the database: %.0f %%".formatted(done * 100)));
        long bytes = shop.bytes();
        terminal.line("Database: %s with indexes".formatted(Words.bytes(bytes)));
        Race race = new Race(
                new ProcessorTime(workshop.server(), workshop.objectStoreServer()),
                Set.of(workshop.objectStoreServer().pid()),
                shop::checkpoint,
                row -> terminal.line("  " + Results.line(row)));
        Machine machine = Machine.now();
        List<Contender> contenders = contenders(workshop);
        Map<String, Measurement> best = new TreeMap<>(race.run(contenders, rounds));
        best.putAll(seconds(workshop, shop, race));
        return new Results("backup", machine, bytes, rows(contenders, best), ratios(best));
    }

    private static List<Contender> contenders(Workshop workshop) {
        List<Contender> contenders = new ArrayList<>(List.of(new CronLines(workshop), new BaseBackupTar(workshop)));
        COMPRESSIONS.forEach(compression -> contenders.add(new PgBackRest(workshop, compression)));
        contenders.add(new FiredrillBackup(workshop, LOGICAL));
        contenders.add(new FiredrillBackup(workshop, PHYSICAL));
        return contenders;
    }

    /** The second of each after one row in a hundred changed; the first ones, which they build on, are not timed. */
    private static Map<String, Measurement> seconds(Workshop workshop, GeneratedDatabase shop, Race race) {
        PgBackRest backRest = new PgBackRest(workshop, COMPRESSIONS.getFirst());
        Contender physical = new FiredrillBackup(workshop, PHYSICAL).second(SECOND_PHYSICAL, shop::changeOnePercent);
        backRest.run((row, bytes) -> {});
        return race.run(List.of(physical, backRest.incremental()), 1);
    }

    private static List<Measurement> rows(List<Contender> contenders, Map<String, Measurement> best) {
        List<Measurement> rows = new ArrayList<>();
        contenders.forEach(contender -> contender.rows().forEach(row -> rows.add(measured(best, row))));
        rows.add(measured(best, PgBackRest.incrementalRow(COMPRESSIONS.getFirst())));
        rows.add(measured(best, SECOND_PHYSICAL));
        return rows;
    }

    private static Measurement measured(Map<String, Measurement> best, String row) {
        return Objects.requireNonNull(best.get(row), row);
    }

    /** Of seconds, and of processor seconds. */
    private static Map<String, Double> ratios(Map<String, Measurement> best) {
        String[] backRest = COMPRESSIONS.stream().map(PgBackRest::row).toArray(String[]::new);
        Ratios ratios = new Ratios(best);
        ratios.put("logicalToCron", FiredrillBackup.sealed(LOGICAL), CronLines.ROW);
        ratios.put("logicalCheckedToCron", FiredrillBackup.checked(LOGICAL), CronLines.ROW);
        ratios.put("physicalToPgBackRest", FiredrillBackup.sealed(PHYSICAL), backRest);
        ratios.put("incrementalToFull", SECOND_PHYSICAL, FiredrillBackup.sealed(PHYSICAL));
        return ratios.all();
    }
}
