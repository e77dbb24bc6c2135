package io.firedrill.console.page;

import io.firedrill.console.DrillFiles;
import io.firedrill.history.History;
import io.firedrill.history.RunDetail;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** {@code /drills}: what rehearsals took and would have lost, against what was promised, and their evidence. */
@Controller
@RequestMapping("/drills")
final class DrillPages {
    private static final int SHOWN = 60;

    private final RecoveryPlan plan;
    private final History history;
    private final DrillFiles files;

    DrillPages(RecoveryPlan plan, History history, DrillFiles files) {
        this.plan = plan;
        this.history = history;
        this.files = files;
    }

    /** One drill that has ended; times 0 where it did not get so far. */
    public record Rehearsal(
            long run, String drill, Instant at, boolean proven, boolean rtoMet, boolean rpoMet, double rtoSeconds, double rpoSeconds, String why) {
        static Rehearsal of(RunDetail detail) {
            Map<?, ?> result = detail.variables().get("drillResult") instanceof Map<?, ?> map ? map : Map.of();
            Map<?, ?> failure = result.get("failure") instanceof Map<?, ?> map ? map : Map.of();
            return new Rehearsal(
                    detail.run().id(),
                    String.valueOf(detail.variables().get("drill")),
                    detail.run().startedAt(),
                    Boolean.TRUE.equals(result.get("proven")),
                    Boolean.TRUE.equals(result.get("rtoMet")),
                    Boolean.TRUE.equals(result.get("rpoMet")),
                    result.get("rtoSeconds") instanceof Number rto ? rto.doubleValue() : 0,
                    result.get("rpoSeconds") instanceof Number rpo ? rpo.doubleValue() : 0,
                    failure.get("what") instanceof String what ? what : "");
        }
    }

    /** One service's, newest first, and the same drawn over time. */
    public record Record(Service service, List<Rehearsal> drills, Chart rto, Chart rpo) {}

    @GetMapping
    String list(Model model) {
        model.addAttribute("records", plan.services().values().stream().map(this::record).toList());
        return "drills";
    }

    private Record record(Service service) {
        List<Rehearsal> drills = history.with("drill", service.name(), "drillResult", SHOWN).stream().map(Rehearsal::of).toList();
        return new Record(
                service,
                drills,
                Chart.of(points(drills, true), service.objectives().rto().toSeconds()),
                Chart.of(points(drills, false), service.objectives().rpo().toSeconds()));
    }

    /** Oldest first; a drill that never came to measure has no place on the chart. */
    private static List<Chart.Point> points(List<Rehearsal> drills, boolean rto) {
        List<Chart.Point> points = new ArrayList<>();
        drills.stream().filter(drill -> drill.rtoSeconds() > 0).forEach(drill -> points.addFirst(new Chart.Point(
                drill.at(), rto ? drill.rtoSeconds() : drill.rpoSeconds(), drill.proven() && (rto ? drill.rtoMet() : drill.rpoMet()))));
        return points;
    }

    @GetMapping("/{id}/report.html")
    ResponseEntity<byte[]> html(@PathVariable String id) {
        return ResponseEntity.ok()
                .header("Content-Security-Policy", IncidentPages.REPORT_CONTENT)
                .contentType(MediaType.parseMediaType("text/html;charset=UTF-8"))
                .body(files.report(id, "html"));
    }

    @GetMapping("/{id}/report.pdf")
    ResponseEntity<byte[]> pdf(@PathVariable String id) {
        return ResponseEntity.ok().contentType(MediaType.APPLICATION_PDF).body(files.report(id, "pdf"));
    }

    @GetMapping("/{id}/evidence.zip")
    ResponseEntity<byte[]> evidence(@PathVariable String id) {
        byte[] pack = files.pack(id);
        return ResponseEntity.ok()
                .header(HttpHeaders.CONTENT_DISPOSITION, "attachment; filename=\"%s.zip\"".formatted(id))
                .contentType(MediaType.parseMediaType("application/zip"))
                .body(pack);
    }
}
