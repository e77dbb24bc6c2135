package io.firedrill.recovery;

import io.firedrill.recovery.RestorePlan.Candidate;
import io.firedrill.recovery.RestorePlan.DatabaseTarget;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.recovery.RestorePlan.ServerTarget;
import io.firedrill.recovery.RestorePlan.TablesTarget;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A restore plan in sentences, the same for the dry run and for whoever approves. */
public final class RestorePlanText {
    private static final int REFUSED = 5;

    private final RestorePlan plan;
    private final List<String> lines = new ArrayList<>();

    private RestorePlanText(RestorePlan plan) {
        this.plan = plan;
    }

    public static List<String> of(RestorePlan plan) {
        RestorePlanText text = new RestorePlanText(plan);
        plan.servers().forEach(text::server);
        plan.databases().forEach(text::database);
        plan.tables().forEach(text::tables);
        plan.fileSets().forEach(text::files);
        text.together();
        return List.copyOf(text.lines);
    }

    /** As a Markdown list; what people and servers named stays text. */
    public static String markdown(RestorePlan plan) {
        StringBuilder text = new StringBuilder();
        of(plan).forEach(line -> text.append("- ").append(line.replaceAll("([\\\\`*_\\[\\]<>])", "\\\\$1")).append('\n'));
        return text.toString();
    }

    private void server(ServerTarget target) {
        chosen(target.server(), target.backup(), target.store(), target.snapshotAt());
        lines.add("%s: the whole server (%s) is laid out in %s, brought %s on a private port, and looked through there".formatted(
                target.server(), String.join(", ", target.databases()), target.beside(), target.to().words()));
        lines.add("%s: then the server is stopped, %s becomes %s by rename, the restored one takes its name and is started".formatted(
                target.server(), target.data(), target.setAside()));
        asked(target.server());
    }

    private void database(DatabaseTarget target) {
        chosen(target.database(), target.backup(), target.store(), target.snapshotAt());
        if (target.pointInTime() == null) {
            lines.add("%s: %,d tables and %,d rows come back, into %s beside %s".formatted(
                    target.database(), target.tables(), target.rows(), target.beside(), target.dbname()));
        } else {
            lines.add("%s: a scratch server on this host replays to %s; the database is dumped from it into %s beside %s".formatted(
                    target.database(), target.pointInTime().words(), target.beside(), target.dbname()));
        }
        asked(target.database());
    }

    private void tables(TablesTarget target) {
        chosen(target.database(), target.copy().backup(), target.copy().store(), target.copy().snapshotAt());
        target.changes().forEach(change -> lines.addAll(TableText.of(target.database(), change)));
        lines.add("%s: what is changed in the live database is kept in its schema %s, so that undo takes out exactly that".formatted(
                target.database(), target.sideSchema()));
        lines.add("%s: taken from a scratch copy %s on the same server, which is proven first and removed afterwards".formatted(
                target.database(), target.copy().beside()));
        asked(target.database());
    }

    private void files(FilesTarget target) {
        chosen(target.fileSet(), target.backup(), target.store(), target.snapshotAt());
        lines.add(target.inside() == null
                ? "%s: %,d files come back, into %s".formatted(target.fileSet(), target.files(), target.beside())
                : "%s: only %s comes back, %,d files; it is restored into %s and swapped in there, nothing else is touched".formatted(
                        target.fileSet(), target.inside(), target.files(), target.beside()));
        asked(target.fileSet());
    }

    private void chosen(String name, String backup, String store, Instant at) {
        String why = plan.candidates().stream()
                .filter(one -> one.source().equals(name) && one.backup().equals(backup))
                .map(Candidate::why)
                .findFirst()
                .orElse("chosen");
        lines.add("%s: from %s in store %s, %s old: %s".formatted(
                name, backup, store, Words.of(Duration.between(at, plan.plannedAt())), why));
        plan.candidates().stream()
                .filter(one -> one.source().equals(name) && one.lostSeconds() != null && one.estimatedSeconds() != null)
                .forEach(one -> lines.add("%s: %s loses %s%s and takes about %s".formatted(
                        name, one.backup(), Words.of(Duration.ofSeconds(one.lostSeconds())), transactions(one),
                        Words.of(Duration.ofSeconds(one.estimatedSeconds())))));
        plan.candidates().stream()
                .filter(one -> one.source().equals(name) && !one.verdict().equals("chosen") && !one.verdict().equals("older"))
                .limit(REFUSED)
                .forEach(one -> lines.add("%s: not %s: %s".formatted(name, one.backup(), one.why())));
    }

    private static String transactions(Candidate one) {
        return one.lostTransactions() == null ? "" : ", %,d transactions of the server,".formatted(one.lostTransactions());
    }

    private void asked(String name) {
        plan.preflights().stream().filter(one -> one.name().equals(name)).forEach(one -> {
            lines.add("%s: %s to fetch, about %s needed in %s, %s".formatted(
                    name, Words.bytes(one.readBytes()), Words.bytes(one.neededBytes()), one.where(),
                    one.freeBytes() == null ? "free space cannot be seen" : Words.bytes(one.freeBytes()) + " free"));
            one.found().forEach(found -> lines.add("%s: %s".formatted(name, found)));
        });
    }

    private void together() {
        if (plan.onlyTables()) {
            lines.add("The service stays up and nothing is fenced: writers of these tables wait while their rows go in, readers do not;"
                    + " everything else in the database, newer than the backup, stays as it is");
            lines.add("Lost of these tables' rows: what was written to them in the %s between the scratch copy's moment and now, where it is gone"
                    .formatted(Words.of(Duration.ofSeconds(plan.lostSeconds()))));
            lines.add("Ready in about %s (%s)".formatted(Words.of(Duration.ofSeconds(plan.estimatedSeconds())), plan.estimatedFrom()));
            plan.warnings().forEach(warning -> lines.add("Mind: " + warning));
            return;
        }
        if (plan.lostSeconds() == 0 && !plan.servers().isEmpty()) {
            lines.add("Lost for the service: nothing, when all its WAL can be read");
        } else {
            lines.add("Lost for the service: what was written in the last %s; it stays readable in what is set aside"
                    .formatted(Words.of(Duration.ofSeconds(plan.lostSeconds()))));
        }
        lines.add("Away for about %s (%s)".formatted(Words.of(Duration.ofSeconds(plan.estimatedSeconds())), plan.estimatedFrom()));
        plan.warnings().forEach(warning -> lines.add("Mind: " + warning));
    }
}
