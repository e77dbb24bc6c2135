package io.firedrill.console;

import io.firedrill.failure.Failure;
import io.firedrill.history.report.IncidentReports;
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

    ReportsController(IncidentReports reports) {
        this.reports = reports;
    }

    @GetMapping("/{incident}")
    ResponseEntity<String> report(@PathVariable String incident, @RequestParam(defaultValue = "md") String format) {
        return switch (format) {
            case "md" -> answer("text/markdown;charset=UTF-8", reports.markdown(incident));
            case "html" -> answer("text/html;charset=UTF-8", reports.html(incident));
            default -> throw new Failure("bad-format", "There is no report format '%s'.".formatted(format),
                            "Nothing was written.", "Use md or html.")
                    .lasting();
        };
    }

    private static ResponseEntity<String> answer(String type, String body) {
        return ResponseEntity.ok().contentType(MediaType.parseMediaType(type)).body(body);
    }
}
