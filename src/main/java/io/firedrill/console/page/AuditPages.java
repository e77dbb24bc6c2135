package io.firedrill.console.page;

import io.firedrill.audit.Anchors;
import io.firedrill.audit.AuditTrail;
import io.firedrill.audit.Row;
import io.firedrill.audit.Search;
import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.servlet.mvc.support.RedirectAttributes;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /audit}: who did or tried what, and what the engine did; search, verify, export. */
@Controller
@RequestMapping("/audit")
final class AuditPages {
    private static final int PAGE = 200;

    private final AuditTrail trail;
    private final Anchors anchors;
    private final JsonMapper json;

    AuditPages(AuditTrail trail, Anchors anchors, JsonMapper json) {
        this.trail = trail;
        this.anchors = anchors;
        this.json = json;
    }

    /** @param fact by its name in the entry; empty when it says nothing of that */
    public record Line(long n, String hash, JsonNode entry) {
        public String fact(String name) {
            return entry.path(name).asString("");
        }

        public Instant at() {
            return Instant.parse(fact("at"));
        }
    }

    /** @param engine whether the engine's records are listed too */
    @GetMapping
    String list(
            @RequestParam(defaultValue = "") String who,
            @RequestParam(defaultValue = "") String incident,
            @RequestParam(defaultValue = "") String action,
            @RequestParam(defaultValue = "") String outcome,
            @RequestParam(defaultValue = "") String from,
            @RequestParam(defaultValue = "") String to,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "false") boolean engine,
            Model model) {
        List<Row> rows = trail.search(new Search(
                who, incident, action, outcome, moment(from).orElse(null), moment(to).orElse(null), before, PAGE, !engine));
        model.addAttribute("lines", rows.stream().map(row -> new Line(row.n(), row.hash(), json.readTree(row.line()))).toList());
        model.addAttribute("older", rows.size() == PAGE ? rows.getLast().n() : null);
        model.addAttribute("head", trail.head().orElse(null));
        model.addAttribute("unchained", trail.waiting());
        model.addAttribute("who", who);
        model.addAttribute("incident", incident);
        model.addAttribute("action", action);
        model.addAttribute("outcome", outcome);
        model.addAttribute("from", from);
        model.addAttribute("to", to);
        model.addAttribute("engine", engine);
        return "audit";
    }

    /** As browsers write it, in UTC, or with a zone. */
    private static Optional<Instant> moment(String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        try {
            return Optional.of(text.endsWith("Z") ? Instant.parse(text) : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException e) {
            throw new Failure("bad-time", "'%s' is no moment.".formatted(text), "Nothing was searched.",
                            "Write it like 2026-11-23T08:45, in UTC.")
                    .lasting();
        }
    }

    @PostMapping("/verify")
    String verify(RedirectAttributes next) {
        try {
            next.addFlashAttribute("verdict", trail.verify(anchors.read(List.of())));
        } catch (FailureException e) {
            next.addFlashAttribute("failure", e.failure());
        }
        return "redirect:/audit";
    }

    @GetMapping("/shown/{digest}")
    String shown(@PathVariable String digest, Model model) {
        String shown = trail.shown(digest).orElseThrow(() -> new Failure(
                        "unknown-digest", "Nothing that was shown has that digest.", "Nothing was done.", "Follow the link in an entry.")
                .lasting());
        model.addAttribute("digest", digest);
        model.addAttribute("shown", json.writerWithDefaultPrettyPrinter().writeValueAsString(json.readTree(shown)));
        return "audit-shown";
    }
}
