package io.firedrill.recovery;

import io.firedrill.failure.Failure;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import io.firedrill.recovery.Recovery.Swap;
import io.firedrill.recovery.Recovery.TableBack;
import io.firedrill.recovery.RestorePlan.TablesTarget;
import io.firedrill.recovery.surgical.Comparison;
import io.firedrill.recovery.surgical.PutBack;
import io.firedrill.recovery.surgical.PutBackTable;
import io.firedrill.recovery.surgical.TableChange;
import io.firedrill.recovery.surgical.TakeOut;
import io.firedrill.tool.Progress;
import java.util.ArrayList;
import java.util.List;

/**
 * Single tables of a service's databases: held against their scratch copies, put back, taken out again. A copy goes when
 * its tables are back; what was changed in the live database stays in a schema there.
 */
final class RecoverTables {
    private final Service service;

    RecoverTables(Service service) {
        this.service = service;
    }

    private Database copy(TablesTarget target) {
        return live(target).onDatabase(target.copy().beside());
    }

    private Database live(TablesTarget target) {
        return service.database(target.database());
    }

    RestorePlan compare(RestorePlan plan, Progress progress) {
        return plan.with(plan.tables().stream()
                .map(target -> {
                    requireWhole(target);
                    return target.with(Comparison.of(live(target), copy(target), target.changes().stream().map(TableChange::name).toList(), progress));
                })
                .toList());
    }

    private void requireWhole(TablesTarget target) {
        try (Server server = Server.open(live(target))) {
            if (Notes.read(server, target.copy().beside(), Notes.RESTORED_FROM).filter(target.copy().mark()::equals).isEmpty()) {
                throw new Failure("nothing-beside", "There is no whole scratch copy %s on %s.".formatted(target.copy().beside(), server.database().host()),
                                "Nothing was changed in %s.".formatted(target.copy().dbname()), "Restore it again.")
                        .lasting();
            }
        }
    }

    List<TableBack> putBack(RestorePlan plan, PutBack.Wish wish, Progress progress) {
        List<TableBack> back = new ArrayList<>();
        for (TablesTarget target : plan.tables()) {
            List<PutBackTable> done = PutBack.done(live(target), target.sideSchema()).orElseGet(() -> {
                requireWhole(target);
                return PutBack.run(live(target), copy(target), target.sideSchema(), target.changes(), wish, progress);
            });
            done.forEach(table -> back.add(new TableBack(target.database(), target.copy().backup(), table)));
        }
        dropCopies(plan);
        return back;
    }

    void takeOut(RestorePlan plan) {
        plan.tables().forEach(target -> TakeOut.run(live(target), target.sideSchema()));
        // Of a put-back that failed.
        dropCopies(plan);
    }

    void dropCopies(RestorePlan plan) {
        for (TablesTarget target : plan.tables()) {
            try (Server server = Server.open(live(target))) {
                new BesideDatabase(server, target.copy().beside()).drop();
            }
        }
    }

    List<Swap> keptBeside(RestorePlan plan) {
        return plan.tables().stream()
                .map(target -> new Swap("tables", target.database(), target.copy().dbname(),
                        "schema %s in %s".formatted(target.sideSchema(), target.copy().dbname()),
                        PutBack.bytesBeside(live(target), target.sideSchema())))
                .toList();
    }
}
