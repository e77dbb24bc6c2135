package io.firedrill.demo;

import io.firedrill.client.Api;
import io.firedrill.client.Json;
import io.firedrill.client.RunFollower;
import io.firedrill.client.RunOutcome;
import io.firedrill.failure.Failure;
import io.firedrill.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** Backup, disaster, recovery, report: played over the REST API, as any user would. */
final class Story {
    private static final String SERVICE = "shop";
    private static final int ORDERS_AFTER_BACKUP = 25;

    private final World world;
    private final Api api;
    private final Terminal terminal;
    private final Answers answers;

    Story(World world, Api api, Terminal terminal, Answers answers) {
        this.world = world;
        this.api = api;
        this.terminal = terminal;
        this.answers = answers;
    }

    /**
     * How it ended.
     *
     * @param ran what the fault was made by
     * @param damage what it did, measured before and after
     * @param ordersAfterBackup placed between backup and fault
     * @param ordersSetAside how many of those the demo found in the database that was set aside
     * @param differences between what the backup should have held and what is there now, measured by the demo itself
     * @param asDamaged whether what is there now is exactly what the fault left
     * @param restored what the demo itself counted after the recovery
     * @param toMoment whether the database came back as of just before the fault, by a base backup and WAL
     * @param wholeServer whether that was by restoring its whole server
     * @param incident as the server tells it, after the run
     */
    record Ending(
            Fault fault,
            List<String> ran,
            List<String> damage,
            int ordersAfterBackup,
            long ordersSetAside,
            boolean toMoment,
            boolean wholeServer,
            RunOutcome recovery,
            JsonNode incident,
            List<String> differences,
            boolean asDamaged,
            Measured restored,
            Path report) {

        /** Firedrill says so, and the demo's own measurement agrees. */
        boolean proven() {
            return recovery.proven() && differences.isEmpty();
        }

        /** As the server measured it; of what was mended by hand, from the incident's opening to the person's word. */
        double rtoSeconds() {
            JsonNode variables = recovery.variables();
            return !mended()
                    ? recovery.rtoSeconds()
                    : Json.instant(variables, "openedAt")
                            .flatMap(from -> Json.instant(variables, "mendedAt").map(to -> Duration.between(from, to).toMillis() / 1000.0))
                            .orElse(0.0);
        }

        /** A person mended it: nothing was restored, and by the demo's own measurement nothing is missing. */
        boolean mended() {
            return fault.stopsServer() && recovery.outcome().equals("mended") && differences.isEmpty();
        }
    }

    Ending play(Fault fault) {
        backUp();
        Measured backedUp = measure();
        world.shop().placeOrders(ORDERS_AFTER_BACKUP);
        terminal.line(ORDERS_AFTER_BACKUP + " customers place an order after the backup.");
        Measured before = measure();

        heading("Disaster: " + fault.word());
        List<String> ran = fault == Fault.DISK_FULL
                ? world.smallDisk().fill(world.shop())
                : new Damage(world.shop(), world.places().uploads(), world.primary()).inflict(fault);
        ran.forEach(command -> terminal.line("  $ " + command));
        Optional<Measured> damaged = fault.stopsServer() || fault.hitsServer() ? Optional.empty() : Optional.of(measure());
        List<String> damage = damaged.map(before::differences).orElseGet(() -> List.of(gone(fault)));
        damage.forEach(line -> terminal.line("  " + terminal.red(line)));
        if (fault == Fault.ENCRYPTED_FILES) {
            syncIsStopped();
        }

        heading("Recovery");
        RunOutcome recovery = recover(fault);
        boolean nothingAnswers = fault.stopsServer() && !recovery.outcome().equals("mended") || fault.hitsServer() && !recovery.proven();
        Measured after = nothingAnswers ? new Measured(new TreeMap<>(), new TreeMap<>()) : measure();
        JsonNode incident = recovery.incident().isEmpty() ? Json.object() : api.get("/incidents/" + recovery.incident());
        boolean wholeServer = !Json.items(recovery.variables().path("restorePlan"), "servers").isEmpty();
        boolean toMoment = wholeServer || toMoment(recovery);
        List<String> differences = expected(toMoment ? before : backedUp, before, backedUp, fault).differences(after);
        return new Ending(
                fault, ran, damage, ORDERS_AFTER_BACKUP, ordersSetAside(recovery), toMoment, wholeServer, recovery, incident, differences,
                damaged.filter(there -> there.differences(after).isEmpty()).isPresent(), after, report(recovery));
    }

    private Measured measure() {
        return Measured.of(world.shop(), world.places().uploads());
    }

    private static boolean toMoment(RunOutcome recovery) {
        return Json.items(recovery.variables().path("restorePlan"), "databases").stream()
                .anyMatch(target -> target.path("pointInTime").isObject());
    }

    /**
     * What was hit comes back as the backup had it, the database perhaps as it was just before the fault; what was not hit
     * stays as it was.
     */
    private static Measured expected(Measured database, Measured before, Measured backedUp, Fault fault) {
        return new Measured(
                fault.hitsDatabase() ? database.tables() : before.tables(),
                fault.hitsFiles() ? backedUp.files() : before.files());
    }

    /** Looks into what was set aside: what the restored database lacks must still be there. */
    private long ordersSetAside(RunOutcome recovery) {
        return Json.items(recovery.variables().path("cutOver"), "swaps").stream()
                .filter(swap -> Json.text(swap, "kind", "").equals("database"))
                .map(swap -> new Shop(world.shop().database().onDatabase(Json.text(swap, "setAside", ""))))
                .mapToLong(aside -> aside.number("select count(*) from shop.orders where id > " + Shop.FIRST_ORDERS))
                .sum();
    }

    private void backUp() {
        heading("Backup");
        String run = start("/backups", Json.object().put("service", SERVICE).put("kind", "all"));
        RunOutcome backup = follow(run);
        if (!backup.outcome().equals("done")) {
            throw backup.failure()
                    .orElseGet(() -> new Failure("demo-backup", "The backup ended as '" + backup.outcome() + "'.",
                            "Without a backup there is nothing to recover from; the demo stops here.",
                            "Look at the steps above and into server.log."))
                    .lasting();
        }
    }

    private String gone(Fault fault) {
        return fault.stopsServer()
                ? "the primary has stopped: there is no space left for its WAL"
                : "the primary at 127.0.0.1:%d is gone, and so is its data".formatted(world.primary().port());
    }

    private RunOutcome recover(Fault fault) {
        String reason = switch (fault) {
            case LOST_FILES -> "Customers miss their uploads.";
            case ENCRYPTED_FILES -> "Nobody can open the uploads.";
            case DISK_FULL, DEAD_PRIMARY -> "The shop is down.";
            case DELETED_ROWS, DROPPED_TABLE, CORRUPT_PAGE, MISSING_RELATION_FILE -> "Customers miss their orders.";
        };
        terminal.line("%s starts the process disaster-recovery: %s".formatted(terminal.bold(Answers.REQUESTER), reason));
        return follow(start("/recoveries", Json.object().put("service", SERVICE).put("reason", reason)), () -> mend(fault));
    }

    private String start(String path, JsonNode request) {
        return Json.text(api.post(path, request), "run", "");
    }

    /** The nightly sync comes along: a snapshot of what the attacker left would be worth nothing. */
    private void syncIsStopped() {
        RunOutcome sync = follow(start("/backups", Json.object().put("service", SERVICE).put("kind", "files")));
        terminal.line("  " + sync.failure().map(Failure::what).map(what -> "The sync was stopped. " + what)
                .orElseGet(() -> terminal.red("The sync was not stopped.")));
    }

    /** What only a person can do, outside of Firedrill. */
    private void mend(Fault fault) {
        if (fault == Fault.DISK_FULL) {
            terminal.line("         %s makes room and starts the server:".formatted(terminal.bold(Answers.REQUESTER)));
            world.smallDisk().free().forEach(command -> terminal.line("           $ " + command));
        }
    }

    private RunOutcome follow(String run) {
        return follow(run, () -> { });
    }

    /** To the end, or until it is stuck; every task on the way is answered. {@code mend}: what a task to mend by hand wants. */
    private RunOutcome follow(String run, Runnable mend) {
        RunFollower follower = new RunFollower(api, run, terminal);
        Set<String> answered = new HashSet<>();
        while (true) {
            RunFollower.Pause pause = follower.follow(answered);
            if (pause.reason() != RunFollower.Reason.WAITING) {
                return new RunOutcome(pause.run());
            }
            for (JsonNode task : pause.tasks()) {
                String key = Json.text(task, "key", "");
                JsonNode withForm = api.get("/tasks/" + key);
                if (Json.text(withForm, "form", "").equals("mend-by-hand")) {
                    mend.run();
                }
                api.as(Answers.decider(task))
                        .post("/tasks/" + key + "/complete", Json.object().set("variables", answers.answer(withForm)));
                answered.add(key);
            }
        }
    }

    /** The report must outlive the server: a copy lies in the demo's folder. */
    private Path report(RunOutcome recovery) {
        String incident = recovery.incident();
        Path file = world.places().report(incident, "md");
        if (incident.isEmpty()) {
            return file;
        }
        try {
            for (String format : List.of("md", "html")) {
                Files.writeString(
                        world.places().report(incident, format), api.getText("/reports/" + incident + "?format=" + format));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return file;
    }

    private void heading(String text) {
        terminal.blank();
        terminal.line(terminal.bold("== " + text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + " =="));
    }
}
