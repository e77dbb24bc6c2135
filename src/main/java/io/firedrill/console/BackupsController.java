package io.firedrill.console;

import io.firedrill.backup.BackupSummary;
import io.firedrill.backup.Backups;
import io.firedrill.catalog.Catalog;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.store.BackupId;
import java.util.List;
import java.util.Map;
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
    private final RecoveryPlan plan;
    private final Operations operations;
    private final Catalog catalog;
    private final Backups backups;
    private final BackupViews views;
    private final BackupChecks checks;

    BackupsController(
            RecoveryPlan plan,
            Operations operations,
            Catalog catalog,
            Backups backups,
            BackupViews views,
            BackupChecks checks) {
        this.plan = plan;
        this.operations = operations;
        this.catalog = catalog;
        this.backups = backups;
        this.views = views;
        this.checks = checks;
    }

    record Request(@Nullable String service, @Nullable String kind) {}

    @PostMapping
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started start(@RequestBody Request request, Actor actor) {
        return new Started(operations.backUp(request.service(), request.kind(), actor));
    }

    record Listing(List<BackupView> backups) {}

    @GetMapping
    Listing list(@RequestParam(required = false) @Nullable String service) {
        String known = service == null ? null : plan.service(service).name();
        return new Listing(views.list(known));
    }

    record Verified(String id, Map<String, BackupSummary> stores) {}

    /** Reads every copy back whole; the first one that fails is the answer's problem. */
    @PostMapping("/{id}/verify")
    Verified verify(@PathVariable String id) {
        return new Verified(id, checks.check(id));
    }

    record Why(@Nullable String reason) {}

    /** Puts a backup under legal hold. */
    @PostMapping("/{id}/hold")
    BackupView hold(@PathVariable String id, @RequestBody Why why, Actor actor) {
        return hold(new BackupId(id), true, why, actor);
    }

    @PostMapping("/{id}/release")
    BackupView release(@PathVariable String id, @RequestBody Why why, Actor actor) {
        return hold(new BackupId(id), false, why, actor);
    }

    private BackupView hold(BackupId id, boolean held, Why why, Actor actor) {
        backups.hold(id, held, actor.name(), why.reason() == null ? "" : why.reason());
        return views.find(id).orElseThrow();
    }

    record ExpiryRequest(@Nullable String service, boolean dryRun) {}

    record FateView(String id, boolean removed, List<String> why) {}

    record Expiry(String service, boolean dryRun, List<String> removed, int kept, List<FateView> backups) {}

    /** Removes what no rule keeps; with {@code dryRun} says what that would be. */
    @PostMapping("/expire")
    Expiry expire(@RequestBody ExpiryRequest request) {
        String service = plan.service(request.service() == null ? "" : request.service()).name();
        Backups.Expired expired = backups.expire(service, request.dryRun());
        return new Expiry(
                service,
                request.dryRun(),
                expired.removed().stream().map(BackupId::value).toList(),
                expired.kept(),
                expired.fates().stream()
                        .map(fate -> new FateView(fate.backup().value(), fate.removed(), fate.why()))
                        .toList());
    }

    record Rescanned(int backups) {}

    @PostMapping("/rescan")
    Rescanned rescan() {
        return new Rescanned(catalog.rescan());
    }
}
