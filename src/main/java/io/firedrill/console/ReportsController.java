package io.firedrill.console;

import io.firedrill.failure.Failure;
import io.firedrill.history.report.IncidentReports;
import java.nio.charset.StandardCharsets;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/reports}: an incident's report as it stands now. */
@RestController
@RequestMapping("/api/reports")
final class ReportsController {
    private final IncidentReports reports;
    private final DrillFiles drills;

    ReportsController(IncidentReports reports, DrillFiles drills) {
        this.reports = reports;
        this.drills = drills;
    }

    @GetMapping("/{incident}")
    ResponseEntity<byte[]> report(@PathVariable String incident, @RequestParam(defaultValue = "md") String format) {
        boolean drill = DrillFiles.names(incident);
        return switch (format) {
            case "md" -> answer("text/markdown;charset=UTF-8", drill ? drills.report(incident, "md") : text(reports.markdown(incident)));
            case "html" -> answer("text/html;charset=UTF-8", drill ? drills.report(incident, "html") : text(reports.html(incident)));
            case "pdf" -> answer("application/pdf", drill ? drills.report(incident, "pdf") : reports.pdf(incident));
            default -> throw new Failure("bad-format", "There is no report format '%s'.".formatted(format),
                            "Nothing was written.", "Use md, html or pdf.")
                    .lasting();
        };
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ResponseEntity<byte[]> answer(String type, byte[] body) {
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(type)).body(body);
    }
}
