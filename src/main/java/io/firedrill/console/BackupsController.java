package io.firedrill.console;

import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.catalog.Catalog;
import io.firedrill.catalog.CatalogEntry;
import io.firedrill.engine.Runs;
import io.firedrill.failure.Failure;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.store.BackupId;
import io.firedrill.tool.Progress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/backups}: start the backup process, and the catalogue. */
@RestController
@RequestMapping("/api/backups")
final class BackupsController {
    private static final Set<String> KINDS = Set.of("logical", "files", "all");

    private final RecoveryPlan plan;
    private final Runs runs;
    private final Catalog catalog;
    private final Backups backups;

    BackupsController(RecoveryPlan plan, Runs runs, Catalog catalog, Backups backups) {
        this.plan = plan;
        this.runs = runs;
        this.catalog = catalog;
        this.backups = backups;
    }

    record Request(@Nullable String service, @Nullable String kind) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started start(@RequestBody Request request, Actor actor) {
        String service = plan.service(request.service() == null ? "" : request.service()).name();
        String kind = request.kind() == null ? "all" : request.kind();
        if (!KINDS.contains(kind)) {
            throw new Failure("bad-kind", "There is no backup kind '%s'.".formatted(kind), "Nothing was started.",
                            "Use one of: logical, files, all.")
                    .lasting();
        }
        return new Started(runs.start("backup", Map.of(
                "service", service, "kind", kind, "requestedBy", actor.name(), "trigger", "manual")));
    }

    record Listing(List<BackupView> backups) {}

    @GetMapping
    Listing list(@RequestParam(required = false) @Nullable String service) {
        String known = service == null ? null : plan.service(service).name();
        return new Listing(catalog.list(known).stream().map(BackupView::of).toList());
    }

    record Verified(String id, Map<String, BackupSummary> stores) {}

    /** Reads every copy back whole; the first one that fails is the answer's problem. */
    @PostMapping("/{id}/verify")
    Verified verify(@PathVariable String id) {
        BackupId backup = new BackupId(id);
        CatalogEntry entry = catalog.find(backup).orElseThrow(() -> new Failure(
                        "unknown-backup", "There is no backup '%s'.".formatted(id), "Nothing was checked.",
                        "List them: firedrill backups")
                .lasting());
        Map<String, BackupSummary> checked = new LinkedHashMap<>();
        entry.copies().forEach(copy -> checked.put(copy.store(), backups.check(backup, copy.store(), Progress.NONE)));
        return new Verified(id, checked);
    }

    record Rescanned(int backups) {}

    @PostMapping("/rescan")
    Rescanned rescan() {
        return new Rescanned(catalog.rescan());
    }
}
