package io.firedrill.console;

import io.firedrill.audit.Anchoring;
import io.firedrill.audit.Anchors;
import io.firedrill.audit.AuditTrail;
import io.firedrill.audit.Row;
import io.firedrill.audit.Search;
import io.firedrill.audit.Verdict;
import io.firedrill.failure.Failure;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code /api/audit}: search, verify, the anchors' key. */
@RestController
@RequestMapping("/api/audit")
final class AuditController {
    private static final int MOST = 10_000;

    private final AuditTrail trail;
    private final Anchors anchors;
    private final Anchoring anchoring;
    private final JsonMapper json;

    AuditController(AuditTrail trail, Anchors anchors, Anchoring anchoring, JsonMapper json) {
        this.trail = trail;
        this.anchors = anchors;
        this.anchoring = anchoring;
        this.json = json;
    }

    /** @param entry as chained */
    record EntryView(long n, String hash, JsonNode entry) {}

    /** @param waiting actions on the server's disk that are not chained yet */
    record Listing(List<EntryView> entries, long waiting) {}

    /** Newest first. */
    @GetMapping
    Listing search(
            @RequestParam(required = false) @Nullable String who,
            @RequestParam(required = false) @Nullable String incident,
            @RequestParam(required = false) @Nullable String action,
            @RequestParam(required = false) @Nullable String outcome,
            @RequestParam(required = false) @Nullable Instant from,
            @RequestParam(required = false) @Nullable Instant to,
            @RequestParam(required = false) @Nullable Long before,
            @RequestParam(defaultValue = "200") int limit) {
        List<Row> rows = trail.search(
                new Search(who, incident, action, outcome, from, to, before, Math.clamp(limit, 1, MOST), false));
        return new Listing(
                rows.stream().map(row -> new EntryView(row.n(), row.hash(), json.readTree(row.line()))).toList(), trail.waiting());
    }

    /** @param keys public keys in PEM: only anchors signed with these count; none: this server's own and those in the stores */
    record VerifyRequest(@Nullable List<String> keys) {}

    @PostMapping("/verify")
    Verdict verify(@RequestBody VerifyRequest request) {
        return trail.verify(anchors.read(request.keys() == null ? List.of() : request.keys()));
    }

    /** @param n the entry that is anchored now; 0 when the newest was already, or there is none */
    record Anchored(long n) {}

    /** Writes an anchor now instead of at the next turn. */
    @PostMapping("/anchor")
    Anchored anchor() {
        return new Anchored(anchoring.anchor().map(Row::n).orElse(0L));
    }

    record Key(String id, String pem) {}

    /** The public key of this server's anchors. */
    @GetMapping("/key")
    Key key() {
        return new Key(anchors.key().id(), anchors.key().publicPem());
    }

    /** What somebody was shown when they decided, by the digest that their entry names as {@code saw}. */
    @GetMapping(path = "/shown/{digest}", produces = MediaType.APPLICATION_JSON_VALUE)
    String shown(@PathVariable String digest) {
        return trail.shown(digest).orElseThrow(() -> new Failure(
                        "unknown-digest",
                        "Nothing that was shown has the digest %s.".formatted(digest),
                        "Nothing was done.",
                        "Take it from an entry's 'saw'.")
                .lasting());
    }
}
