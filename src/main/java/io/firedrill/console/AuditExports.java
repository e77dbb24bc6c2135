package io.firedrill.console;

import io.firedrill.audit.AuditTrail;
import io.firedrill.audit.Csv;
import io.firedrill.console.access.Recorder;
import io.firedrill.failure.Failure;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import org.springframework.security.core.Authentication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The whole trail as a file, for auditors who check it without Firedrill; from the API and from the page. */
@RestController
final class AuditExports {
    private final AuditTrail trail;
    private final Recorder recorder;

    AuditExports(AuditTrail trail, Recorder recorder) {
        this.trail = trail;
        this.recorder = recorder;
    }

    /**
     * @param format {@code jsonl} or {@code csv}
     * @param after only entries after this number
     */
    @GetMapping({"/api/audit/export", "/audit/export"})
    void export(
            @RequestParam(defaultValue = "jsonl") String format,
            @RequestParam(defaultValue = "0") long after,
            Authentication who,
            HttpServletResponse response)
            throws IOException {
        boolean csv = format.equals("csv");
        if (!csv && !format.equals("jsonl")) {
            throw new Failure("bad-format", "There is no export format '%s'.".formatted(format), "Nothing was exported.",
                            "Use one of: jsonl, csv.")
                    .lasting();
        }
        // The state database is asked before the first byte goes out: then a failure can still be told.
        trail.head();
        recorder.done(who.getName(), "export-audit", format + (after > 0 ? " after " + after : ""));
        response.setContentType(csv ? "text/csv" : "application/jsonl");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Content-Disposition", "attachment; filename=\"audit.%s\"".formatted(format));
        Writer out = response.getWriter();
        if (csv) {
            out.write(Csv.header());
        }
        trail.read(after, row -> {
            write(out, csv ? Csv.row(row) : row.line() + "\n");
            return true;
        });
    }

    private static void write(Writer out, String text) {
        try {
            out.write(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
