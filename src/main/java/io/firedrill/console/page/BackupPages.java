package io.firedrill.console.page;

import io.firedrill.console.Actor;
import io.firedrill.console.BackupChecks;
import io.firedrill.console.BackupView;
import io.firedrill.console.BackupViews;
import io.firedrill.console.Operations;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;

/** {@code /backups}: what could be restored. */
@Controller
@RequestMapping("/backups")
final class BackupPages {
    private final RecoveryPlan plan;
    private final BackupViews views;
    private final Operations operations;
    private final BackupChecks checks;
    private final Clock clock;

    BackupPages(RecoveryPlan plan, BackupViews views, Operations operations, BackupChecks checks, Clock clock) {
        this.plan = plan;
        this.views = views;
        this.operations = operations;
        this.checks = checks;
        this.clock = clock;
    }

    /** A service's backups, newest first; {@code lanes} the same on a time line, one lane for each source. */
    public record Shelf(String service, List<BackupView> backups, List<Lane> lanes, Instant from, Instant to) {
        public long storedBytes() {
            return backups.stream().mapToLong(BackupView::storedBytes).sum();
        }
    }

    /** {@code gaps} in words, where the WAL after a base backup breaks off though more follows. */
    public record Lane(String source, List<Dot> dots, List<Bar> bars, List<String> gaps) {}

    /** Moments that can be brought back; {@code x} and {@code width} in thousandths of the time line. */
    public record Bar(long x, long width, BackupViews.RangeView range) {}

    /** {@code x} in thousandths of the time line. */
    public record Dot(long x, BackupView backup) {}

    @GetMapping
    String list(@RequestParam(required = false) @Nullable String service, Model model) {
        List<Service> shown = service == null || service.isBlank()
                ? List.copyOf(plan.services().values())
                : List.of(plan.service(service));
        model.addAttribute("shelves", shown.stream().map(this::shelf).toList());
        model.addAttribute("service", service);
        model.addAttribute("services", plan.services().keySet());
        model.addAttribute("stores", List.copyOf(plan.stores().keySet()));
        model.addAttribute("kinds", Operations.KINDS);
        model.addAttribute("checks", checks);
        return "backups";
    }

    private Shelf shelf(Service service) {
        List<BackupView> backups = views.list(service.name());
        Instant to = clock.instant();
        Instant from = backups.isEmpty() ? to : backups.getLast().snapshotAt();
        Map<String, List<Dot>> lanes = new LinkedHashMap<>();
        service.databases().keySet().forEach(name -> lanes.put(name, new ArrayList<>()));
        service.fileSets().keySet().forEach(name -> lanes.put(name, new ArrayList<>()));
        backups.forEach(backup -> lanes.computeIfAbsent(backup.source(), name -> new ArrayList<>())
                .add(new Dot(thousandth(from, backup.snapshotAt(), to), backup)));
        List<BackupViews.RangeView> ranges = views.ranges(service.name());
        return new Shelf(
                service.name(),
                backups,
                lanes.entrySet().stream().map(lane -> lane(lane.getKey(), lane.getValue(), ranges, from, to)).toList(),
                from,
                to);
    }

    private static Lane lane(String source, List<Dot> dots, List<BackupViews.RangeView> all, Instant from, Instant to) {
        List<BackupViews.RangeView> ranges = all.stream().filter(range -> range.source().equals(source)).toList();
        List<Bar> bars = ranges.stream()
                .map(range -> {
                    long x = thousandth(from, range.from(), to);
                    return new Bar(x, Math.max(2, thousandth(from, range.to(), to) - x), range);
                })
                .toList();
        return new Lane(source, dots, bars, ranges.stream().map(BackupViews.RangeView::gap).filter(gap -> !gap.isEmpty()).distinct().toList());
    }

    private static long thousandth(Instant from, Instant at, Instant to) {
        long all = Math.max(1, to.toEpochMilli() - from.toEpochMilli());
        return (at.toEpochMilli() - from.toEpochMilli()) * 1000 / all;
    }

    @PostMapping
    String start(@RequestParam String service, @RequestParam String kind, Actor actor) {
        return "redirect:/runs/%d?begun".formatted(operations.backUp(service, kind, actor));
    }

    @PostMapping("/{id}/verify")
    String verify(@PathVariable String id, RedirectAttributes next) {
        checks.begin(id);
        next.addFlashAttribute("notice", "%s is being read back whole, every copy. Its mark here tells the result.".formatted(id));
        return "redirect:/backups";
    }
}
