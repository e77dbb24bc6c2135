package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.ReplicationPlan;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Patroni's REST API (its manual, "Patroni REST API"): any node tells about all, as long as it reaches the DCS. */
final class PatroniApi {
    private static final Duration QUICK = Duration.ofSeconds(5);
    private static final JsonMapper JSON = new JsonMapper();
    private static final HttpClient HTTP = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(3)).build();

    private final ReplicationPlan.Patroni plan;

    PatroniApi(ReplicationPlan.Patroni plan) {
        this.plan = plan;
    }

    /** {@code api}: of that node's own REST API. */
    record Member(String name, String role, String state, String host, int port, Optional<URI> api) {
        boolean leader() {
            return role.equals("leader") || role.equals("master") || role.equals("primary");
        }

        boolean running() {
            return state.equals("running") || state.equals("streaming");
        }

        /** Whether commits wait for it. */
        boolean synchronous() {
            return role.equals("sync_standby") || role.equals("quorum_standby");
        }

        /** What does not pass by waiting. */
        boolean broken() {
            return state.equals("start failed") || state.equals("crashed") || state.equals("creating replica failed");
        }
    }

    /** Passing {@code manager-unreachable} when no endpoint tells. */
    List<Member> members() {
        return any("/cluster").path("members").valueStream().map(member -> new Member(
                member.path("name").asString(""),
                member.path("role").asString(""),
                member.path("state").asString(""),
                member.path("host").asString(""),
                member.path("port").asInt(5432),
                member.path("api_url").asString("").isEmpty()
                        ? Optional.empty()
                        : Optional.of(URI.create(member.path("api_url").asString("").replaceFirst("/patroni$", ""))))).toList();
    }

    /** {@code timeline} was left at this moment, for a new one of this leader's. */
    record Change(long timeline, Instant at, String leader) {}

    /** Oldest first; those that an old Patroni did not date are left out. */
    List<Change> history() {
        return any("/history").valueStream()
                .filter(change -> change.size() >= 5)
                .map(change -> new Change(
                        change.path(0).asLong(0), OffsetDateTime.parse(change.path(3).asString("")).toInstant(), change.path(4).asString("")))
                .toList();
    }

    boolean synchronous() {
        JsonNode mode = any("/config").path("synchronous_mode");
        return mode.asBoolean(false) || mode.asString("").equals("quorum");
    }

    /** Whether Patroni has been told to keep its hands off. */
    boolean paused() {
        return any("/config").path("pause").asBoolean(false);
    }

    /** Longer than it takes Patroni to miss a leader and to promote another: its lease runs out, each node looks, one wins. */
    Duration election() {
        JsonNode config = any("/config");
        long seconds = config.path("ttl").asLong(30) + config.path("retry_timeout").asLong(10) + 2 * loopWait(config);
        return Duration.ofSeconds(seconds + 10);
    }

    /** Longer than what one node tells may be older than what is so. */
    Duration round() {
        return Duration.ofSeconds(3 * loopWait(any("/config")) + 5);
    }

    private static long loopWait(JsonNode config) {
        return config.path("loop_wait").asLong(10);
    }

    private JsonNode any(String path) {
        StringBuilder tried = new StringBuilder();
        for (URI endpoint : apis()) {
            try {
                HttpResponse<String> answer = send(HttpRequest.newBuilder(endpoint.resolve(path)).timeout(QUICK).GET());
                if (answer.statusCode() == 200) {
                    return JSON.readTree(answer.body());
                }
                tried.append(endpoint).append(" answers ").append(answer.statusCode()).append("; ");
            } catch (IOException | JacksonException e) {
                tried.append(endpoint).append(" does not answer; ");
            }
        }
        throw unreachable(tried.toString());
    }

    private static FailureException unreachable(String tried) {
        return new Failure(
                        "manager-unreachable",
                        "No Patroni tells about its cluster: %s".formatted(tried.replaceFirst("; $", ".")),
                        "Nothing was changed; a cluster whose DCS is gone has no primary, so that there cannot be two.",
                        "Bring etcd (or what the DCS is) and Patroni back; it is tried again.")
                .passing();
    }

    private List<URI> apis() {
        return plan.nodes().values().stream().map(ReplicationPlan.PatroniNode::api).toList();
    }

    /** One that takes orders; passing {@code manager-unreachable} when none does. */
    URI anyApi() {
        return apis().stream().filter(this::answers).findFirst().orElseThrow(() -> unreachable("none of " + apis() + " answers"));
    }

    boolean answers(URI api) {
        try {
            return send(HttpRequest.newBuilder(api.resolve("/patroni")).timeout(QUICK).GET()).statusCode() < 600;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lasting {@code manager-refused} with Patroni's own words when it does not do it. */
    void post(URI api, String path, Map<String, Object> body, Duration patience) {
        HttpRequest.Builder request = HttpRequest.newBuilder(api.resolve(path))
                .timeout(patience)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
        String said;
        boolean nothing = false;
        try {
            HttpResponse<String> answer = send(request);
            if (answer.statusCode() / 100 == 2) {
                return;
            }
            nothing = answer.statusCode() / 100 == 4;
            said = answer.statusCode() + " " + answer.body();
        } catch (IOException e) {
            said = "no answer: " + e.getMessage();
        }
        throw new Failure(
                        "manager-refused",
                        "Patroni at %s does not do %s: %s".formatted(api, path, said.strip()),
                        nothing ? "It changed nothing by this call." : "It may have done it, or do it yet; there is never more than one primary.",
                        "Look into its log; then try again.")
                .lasting();
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
        if (plan.user().isPresent() && plan.passwordFile().isPresent()) {
            String password = Files.readString(plan.passwordFile().get()).replaceFirst("\\r?\\n$", "");
            String both = plan.user().get() + ":" + password;
            request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        try {
            return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
