package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.firedrill.audit.AnchorKey;
import io.firedrill.audit.Anchoring;
import io.firedrill.audit.Anchors;
import io.firedrill.audit.AuditTrail;
import io.firedrill.console.access.Recorder;
import io.firedrill.console.access.Role;
import io.firedrill.engine.Home;
import io.firedrill.plan.Database;
import io.firedrill.plan.StorePlan;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.store.Store;
import io.firedrill.store.Stores;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.FilterType;
import org.springframework.security.core.Authentication;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who gets in and who does not, over HTTP, with a real state database; the last tests take that away. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccessIT {
    private static final String PASSWORD = "a sentence is easy to remember";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\" value=\"([^\"]+)\"");
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path folder;

    /** What was started behind the gate. */
    private static final AtomicInteger STARTED = new AtomicInteger();

    private static ThrowawayPostgres postgres;
    private static Database state;
    private static ConfigurableApplicationContext server;
    private static ConfigurableApplicationContext second;
    private static Home home;

    /** No component, so that the real server's own scan, which other tests start, passes it by. */
    @EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
    @ComponentScan(
            basePackages = {"io.firedrill.console.access", "io.firedrill.console.page"},
            useDefaultFilters = false,
            includeFilters =
                    @ComponentScan.Filter(
                            type = FilterType.REGEX,
                            pattern = ".*\\.(AccessConfiguration|PeopleController|Frame|Say|SignInPages|PeoplePages|AuditPages|ErrorPages|PageProblems)"))
    static class Gate extends GateBeans {
        @Override
        Database state() {
            return state;
        }

        @Bean
        Anchors anchors() {
            Store store = Stores.open(new StorePlan.Directory("offsite", folder.resolve("offsite")));
            return new Anchors(List.of(store), AnchorKey.ofFile(home.audit().resolve("anchor.key")), Optional.empty());
        }

        @Bean
        AuditController auditController(AuditTrail trail, Anchors anchors, JsonMapper json, Clock clock) {
            return new AuditController(trail, anchors, new Anchoring(trail, anchors, clock, "here"), json);
        }

        @Bean
        AuditExports auditExports(AuditTrail trail, Recorder recorder) {
            return new AuditExports(trail, recorder);
        }

        /** What lies behind the gate. */
        @Bean
        RouterFunction<ServerResponse> behind() {
            RouterFunctions.Builder routes = RouterFunctions.route();
            for (String seen : List.of("/api/runs", "/runs", "/services/shop/recover")) {
                routes.GET(seen, request -> ServerResponse.ok().body("seen"));
            }
            routes.POST("/api/drills", request -> {
                String body = request.body(String.class);
                int n = STARTED.incrementAndGet();
                return body.contains("impossible")
                        ? ServerResponse.status(body.contains("engine") ? 503 : 409).body("not this time")
                        : ServerResponse.accepted().body("{\"run\": %d}".formatted(n));
            });
            for (String done : List.of("/api/backups", "/backups", "/api/tasks/1/complete", "/tasks/1/complete")) {
                routes.POST(done, request -> ServerResponse.ok().body(told((Authentication) request.principal().orElseThrow())));
            }
            return routes.build();
        }

        private static String told(Authentication who) {
            return who.getName() + " " + Role.of(who);
        }
    }

    @BeforeAll
    static void start() {
        postgres = ThrowawayPostgres.start();
        state = postgres.create("state");
        home = new Home(folder.resolve("home"));
        server = gate(home);
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(home.firstSignIn()));
    }

    private static ConfigurableApplicationContext gate(Home home) {
        return new SpringApplicationBuilder(Gate.class)
                .properties(Map.of("server.port", "0", "server.address", "127.0.0.1", "server.servlet.session.cookie.name", "it"))
                .initializers(context ->
                        ((org.springframework.context.support.GenericApplicationContext) context).registerBean(Home.class, () -> home))
                .run();
    }

    /** Another server on the same state database, started by the first test that wants one. */
    private static ConfigurableApplicationContext second() {
        if (second == null) {
            second = gate(new Home(folder.resolve("second-home")));
        }
        return second;
    }

    @AfterAll
    static void stop() {
        server.close();
        if (second != null) {
            second.close();
        }
        postgres.remove();
    }

    /** One browser or one program. */
    private static final class Client {
        private final HttpClient http;
        private final String token;
        private ConfigurableApplicationContext at = server;

        private Client(String token) {
            this.token = token;
            http = HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
        }

        /** The same cookies, sent to that server: what a load balancer does when it moves somebody. */
        Client movedTo(ConfigurableApplicationContext server) {
            at = server;
            return this;
        }

        static Client browser() {
            return new Client("");
        }

        static Client program(String token) {
            return new Client(token);
        }

        HttpResponse<String> get(String path) {
            return send(HttpRequest.newBuilder(url(path)).GET());
        }

        /** As a program starts something, with a key of its own making. */
        HttpResponse<String> start(String path, String body, String key) {
            return send(HttpRequest.newBuilder(url(path))
                    .header("Content-Type", "application/json")
                    .header("Idempotency-Key", key)
                    .POST(BodyPublishers.ofString(body)));
        }

        HttpResponse<String> post(String path, Map<String, String> form) {
            String body = form.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return send(HttpRequest.newBuilder(url(path))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(body)));
        }

        /** As a person does it: from the page, with the page's own form token. */
        HttpResponse<String> fill(String page, String path, Map<String, String> form) {
            Map<String, String> all = new java.util.HashMap<>(form);
            all.put("_csrf", formToken(get(page).body()));
            return post(path, all);
        }

        JsonNode json(String path, String body) {
            return JSON.readTree(send(HttpRequest.newBuilder(url(path))
                            .header("Content-Type", "application/json")
                            .POST(BodyPublishers.ofString(body)))
                    .body());
        }

        Client signedIn(String name) {
            fill("/sign-in", "/sign-in", Map.of("name", name, "password", PASSWORD));
            return this;
        }

        private URI url(String path) {
            return URI.create(path.startsWith("http")
                    ? path
                    : "http://127.0.0.1:" + at.getEnvironment().getProperty("local.server.port") + path);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            request.header("Accept", "text/html, application/json, */*;q=0.1");
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token).header("Firedrill-Actor", "somebody-else");
            }
            try {
                return http.send(request.build(), BodyHandlers.ofString());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }

    private static String formToken(String page) {
        Matcher token = FORM_TOKEN.matcher(page);
        return token.find() ? token.group(1) : "";
    }

    private static Client serverUser() {
        try {
            return Client.program(Files.readString(home.token()).strip());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Added by the server's own user, and in with the one-time link. */
    private static Client person(String name, String... roles) {
        String link = serverUser()
                .json("/api/people", JSON.writeValueAsString(Map.of("name", name, "roles", roles)))
                .path("link")
                .stringValue("");
        Client browser = Client.browser();
        browser.fill(link, link, Map.of("password", PASSWORD, "again", PASSWORD));
        return browser.signedIn(name);
    }

    private static String token(String name, String role) {
        return serverUser()
                .json("/api/tokens", JSON.writeValueAsString(Map.of("name", name, "role", role, "owner", "olga")))
                .path("token")
                .stringValue("");
    }

    private static List<String> logged(String outcome) {
        return postgres.column("state", "select who || ': ' || case action when 'request' then entry ->> 'request' else action end || ', '"
                + " || coalesce(entry ->> 'detail', '') from firedrill_audit.entry where outcome = '" + outcome + "' order by n");
    }

    @Test
    @Order(1)
    void theFirstAdminGetsInByAOneTimeLinkThatOnlyTheServersUserCanRead() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(home.firstSignIn()))).isEqualTo("rw-------");
        String link = Files.readString(home.firstSignIn()).strip();
        Client admin = Client.browser();
        assertThat(admin.fill(link, link, Map.of("password", "short", "again", "short")).headers().firstValue("Location"))
                .hasValueSatisfying(back -> assertThat(back).contains("/welcome/"));
        admin.fill(link, link, Map.of("password", PASSWORD, "again", PASSWORD));
        assertThat(home.firstSignIn()).doesNotExist();
        assertThat(admin.get(link).body()).contains("used already");
        admin.fill("/sign-in", link, Map.of("password", "another sentence", "again", "another sentence"));
        assertThat(admin.signedIn("admin").get("/people").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(2)
    void nobodyGetsAnywhereWithoutSigningIn() {
        Client stranger = Client.browser();
        assertThat(stranger.get("/runs").statusCode()).isEqualTo(302);
        assertThat(stranger.get("/runs").headers().firstValue("Location").orElse("")).endsWith("/sign-in");
        assertThat(stranger.get("/api/runs").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/api/runs").headers().firstValue("Content-Type")).hasValueSatisfying(
                type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(stranger.get("/actuator/prometheus").statusCode()).isEqualTo(401);
        assertThat(Client.program("guessed").get("/api/runs").statusCode()).isEqualTo(401);
        assertThat(stranger.get("/actuator/health").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(3)
    void eachRoleMayWhatTheDocsSayOnPagesAndApiAlike() {
        Client viewer = person("vera", "viewer");
        Client operator = person("olga", "operator");
        Client approver = person("anna", "approver");
        Client auditor = person("ute", "auditor");
        for (Client someone : List.of(viewer, operator, approver, auditor)) {
            assertThat(someone.get("/api/runs").body()).isEqualTo("seen");
            assertThat(someone.get("/runs").statusCode()).isEqualTo(200);
            assertThat(someone.get("/people").statusCode()).isEqualTo(403);
            assertThat(someone.get("/api/people").statusCode()).isEqualTo(403);
        }
        assertThat(List.of(viewer, approver, auditor))
                .allSatisfy(someone -> assertThat(someone.get("/services/shop/recover").statusCode()).isEqualTo(403));
        assertThat(operator.get("/services/shop/recover").statusCode()).isEqualTo(200);
        assertThat(auditor.get("/audit").statusCode()).isEqualTo(200);
        assertThat(approver.get("/audit").statusCode()).isEqualTo(403);
        assertThat(approver.get("/api/audit/export").statusCode()).isEqualTo(403);
        assertThat(approver.fill("/sign-in", "/audit/verify", Map.of()).statusCode()).isEqualTo(403);
        String viewing = token("looks", "viewer");
        String operating = token("operates", "operator");
        String approving = token("approves", "approver");
        assertThat(Client.program(viewing).get("/actuator/prometheus").body()).contains("jvm_");
        assertThat(Client.program(viewing).post("/api/backups", Map.of()).statusCode()).isEqualTo(403);
        assertThat(Client.program(viewing).post("/api/tasks/1/complete", Map.of()).statusCode()).isEqualTo(403);
        assertThat(Client.program(operating).post("/api/backups", Map.of()).statusCode()).isEqualTo(200);
        assertThat(Client.program(operating).post("/api/tasks/1/complete", Map.of()).statusCode()).isEqualTo(200);
        assertThat(Client.program(approving).post("/api/tasks/1/complete", Map.of()).statusCode()).isEqualTo(200);
        assertThat(Client.program(approving).post("/api/backups", Map.of()).statusCode()).isEqualTo(403);
    }

    @Test
    @Order(4)
    void aTokenActsForItsOwnerWhateverNameItSends() {
        assertThat(Client.program(token("mine", "operator")).post("/api/backups", Map.of()).body())
                .isEqualTo("olga [VIEWER, OPERATOR]");
        assertThat(serverUser().post("/api/backups", Map.of()).body()).startsWith("somebody-else [VIEWER");
    }

    @Test
    @Order(4)
    void aRevokedTokenIsWorthNothing() {
        String token = token("short-lived", "viewer");
        assertThat(Client.program(token).get("/api/runs").statusCode()).isEqualTo(200);
        serverUser().post("/api/tokens/short-lived/revoke", Map.of());
        assertThat(Client.program(token).get("/api/runs").statusCode()).isEqualTo(401);
        assertThat(postgres.column("state", "select encode(hash, 'escape') from firedrill.api_token")).noneMatch(token::contains);
    }

    @Test
    @Order(5)
    void aRequestFromAnotherSitesFormIsRefused() {
        Client operator = Client.browser().signedIn("olga");
        assertThat(operator.post("/backups", Map.of()).statusCode()).isEqualTo(403);
        assertThat(operator.post("/backups", Map.of("_csrf", "made-up")).statusCode()).isEqualTo(403);
        assertThat(operator.post("/api/backups", Map.of()).statusCode()).isEqualTo(403);
        assertThat(operator.fill("/sign-in", "/backups", Map.of()).body()).startsWith("olga");
        Awaitility.await().untilAsserted(() -> assertThat(logged("denied")).contains("olga: POST /backups, no valid form token"));
    }

    @Test
    @Order(5)
    void theSessionChangesItsNameWhenSomebodySignsIn() {
        Client browser = Client.browser();
        CookieManager cookies = (CookieManager) browser.http.cookieHandler().orElseThrow();
        browser.get("/sign-in");
        String before = cookies.getCookieStore().getCookies().getFirst().getValue();
        browser.signedIn("olga");
        assertThat(cookies.getCookieStore().getCookies().getFirst().getValue()).isNotEqualTo(before);
        assertThat(cookies.getCookieStore().getCookies().getFirst().isHttpOnly()).isTrue();
        browser.fill("/sign-in", "/sign-out", Map.of());
        assertThat(browser.get("/runs").statusCode()).isEqualTo(302);
    }

    @Test
    @Order(5)
    void everyAnswerForbidsForeignAndInlineContent() {
        for (String path : List.of("/sign-in", "/runs", "/api/runs", "/no-such-page", "/actuator/health")) {
            HttpResponse<String> answer = serverUser().get(path);
            assertThat(answer.headers().firstValue("Content-Security-Policy")).as(path).hasValueSatisfying(policy ->
                    assertThat(policy).contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'").doesNotContain("unsafe"));
            assertThat(answer.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(answer.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        }
    }

    @Test
    @Order(6)
    void whoIsShutOutIsOutAtOnceWithTheirTokens() {
        Client leaving = person("leo", "operator");
        String token = serverUser().json("/api/tokens", "{\"name\": \"leos\", \"role\": \"operator\", \"owner\": \"leo\"}")
                .path("token").stringValue("");
        assertThat(leaving.get("/runs").statusCode()).isEqualTo(200);
        serverUser().post("/api/people/leo/disable", Map.of());
        assertThat(leaving.get("/runs").statusCode()).isEqualTo(302);
        assertThat(Client.browser().signedIn("leo").get("/runs").statusCode()).isEqualTo(302);
        assertThat(Client.program(token).get("/api/runs").statusCode()).isEqualTo(401);
    }

    @Test
    @Order(6)
    void anotherServerGoesOnWithTheSessionAndItsFormsAndEndsItForAll() {
        Client olga = Client.browser().signedIn("olga");
        String page = olga.get("/sign-in").body();
        olga.movedTo(second());
        assertThat(olga.post("/backups", Map.of("_csrf", formToken(page))).body()).isEqualTo("olga [VIEWER, OPERATOR]");
        olga.fill("/sign-in", "/sign-out", Map.of());
        assertThat(olga.movedTo(server).get("/runs").statusCode()).isEqualTo(302);
    }

    @Test
    @Order(6)
    void whatOnePageTellsTheNextArrivesAtAnotherServer() {
        Client olga = Client.browser();
        String wanted = "/runs";
        olga.get(wanted);
        olga.movedTo(second());
        assertThat(olga.fill("/sign-in", "/sign-in", Map.of("name", "olga", "password", PASSWORD)).headers().firstValue("Location"))
                .hasValueSatisfying(back -> assertThat(back).endsWith(wanted));
        Client admin = Client.browser().signedIn("admin");
        admin.fill("/people", "/people/nobody/disable", Map.of());
        assertThat(admin.movedTo(second()).get("/people").body()).contains("There is no person &#39;nobody&#39;");
    }

    @Test
    @Order(6)
    void sessionsAreJsonAndWhatAnotherVersionWroteIsLeftOut() {
        Client olga = Client.browser().signedIn("olga");
        String context = "attribute_name = 'SPRING_SECURITY_CONTEXT' and session_primary_id in"
                + " (select primary_id from firedrill.session where principal_name = 'olga')";
        assertThat(postgres.column("state", "select convert_from(attribute_bytes, 'utf8')::jsonb ->> 'name' from firedrill.session_attributes where "
                + context)).isNotEmpty().allMatch("olga"::equals);
        postgres.sql("state", "update firedrill.session_attributes set attribute_bytes = '{\"kind\": \"of-tomorrow\"}' where " + context);
        assertThat(olga.get("/runs").statusCode()).isEqualTo(302);
        assertThat(olga.signedIn("olga").get("/runs").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(6)
    void wrongPasswordsCountWhicheverServerIsAsked() {
        person("gil", "viewer");
        Client guesser = Client.browser();
        for (int i = 0; i < 5; i++) {
            guesser.movedTo(i % 2 == 0 ? server : second())
                    .fill("/sign-in", "/sign-in", Map.of("name", "gil", "password", "guess " + i));
        }
        for (ConfigurableApplicationContext each : List.of(server, second())) {
            assertThat(guesser.movedTo(each).fill("/sign-in", "/sign-in", Map.of("name", "gil", "password", PASSWORD)).headers().firstValue("Location"))
                    .hasValueSatisfying(back -> assertThat(back).endsWith("problem=locked"));
        }
    }

    @Test
    @Order(6)
    void theLastAdminCannotBeShutOut() {
        assertThat(serverUser().post("/api/people/admin/disable", Map.of()).statusCode()).isEqualTo(422);
    }

    @Test
    @Order(7)
    void afterFiveWrongPasswordsTheRightOneIsRefusedToo() {
        Client guesser = Client.browser();
        for (int i = 0; i < 5; i++) {
            assertThat(guesser.fill("/sign-in", "/sign-in", Map.of("name", "vera", "password", "guess " + i)).headers().firstValue("Location"))
                    .hasValueSatisfying(back -> assertThat(back).endsWith("problem=wrong"));
        }
        assertThat(guesser.fill("/sign-in", "/sign-in", Map.of("name", "vera", "password", PASSWORD)).headers().firstValue("Location"))
                .hasValueSatisfying(back -> assertThat(back).endsWith("problem=locked"));
        assertThat(guesser.get("/sign-in?problem=locked").body()).contains("too many wrong attempts");
        Awaitility.await().untilAsserted(() -> assertThat(logged("denied"))
                .filteredOn(line -> line.equals("vera: sign-in, wrong name or password"))
                .hasSize(5));
    }

    @Test
    @Order(7)
    void passwordsAreKeptAsArgon2idAndNowhereElse() {
        assertThat(postgres.column("state", "select password_hash from firedrill.account where password_hash is not null"))
                .isNotEmpty()
                .allMatch(hash -> hash.startsWith("$argon2id$v=19$m=19456,t=2,p=1$"));
        assertThat(postgres.value("state", "select count(*) from firedrill_audit.entry where position('sentence' in entry::text) > 0"))
                .isEqualTo("0");
    }

    @Test
    @Order(7)
    void theAuditTrailTellsWhoWhatFromWhereAndHowItEnded() {
        Client auditor = Client.browser().signedIn("ute");
        Awaitility.await().untilAsserted(() -> assertThat(auditor.get("/audit?who=leo").body()).contains("sign-in", "127.0.0.1", "Java-http-client"));
        assertThat(postgres.column("state", "select who || ' ' || action || ' ' || outcome || ' ' || (entry ->> 'by') || ' ' || (entry ->> 'subject')"
                        + " from firedrill_audit.entry where action in ('disable-person', 'revoke-token', 'set-password') order by n"))
                .contains("somebody-else disable-person done server-token leo", "somebody-else disable-person refused server-token admin",
                        "somebody-else revoke-token done server-token short-lived");
        assertThat(postgres.column("state", "select distinct entry ->> 'request' from firedrill_audit.entry where action = 'set-password'"))
                .as("never with the secret of the link")
                .containsExactly("POST /welcome/…");
        assertThat(auditor.fill("/audit", "/audit/verify", Map.of()).headers().firstValue("Location")).hasValueSatisfying(
                back -> assertThat(back).endsWith("/audit"));
        assertThat(auditor.get("/audit").body()).contains("Intact:");
        JsonNode anchored = serverUser().json("/api/audit/anchor", "{}");
        assertThat(anchored.path("n").asLong()).isPositive();
        Awaitility.await().untilAsserted(() -> assertThat(serverUser().json("/api/audit/verify", "{}").path("lastAnchored").asLong())
                .isGreaterThanOrEqualTo(anchored.path("n").asLong()));
        assertThat(auditor.get("/audit/export?format=csv").body()).startsWith("n,at,who,action").contains("disable-person");
        assertThat(auditor.get("/api/audit/export").body().lines()).first().asString().startsWith("{\"action\":");
        assertThat(auditor.get("/api/audit/export?format=xml").statusCode()).isEqualTo(400);
        Awaitility.await().untilAsserted(() -> assertThat(logged("done")).contains("ute: export-audit, csv", "ute: export-audit, jsonl"));
    }

    @Test
    @Order(7)
    void aStartSentTwiceWithOneKeyStartsOnce() {
        STARTED.set(0);
        Client program = Client.program(token("starts", "operator"));
        assertThat(program.start("/api/drills", "{\"service\": \"shop\"}", "k1").body()).isEqualTo("{\"run\": 1}");
        HttpResponse<String> again = program.start("/api/drills", "{\"service\": \"shop\"}", "k1");
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(again.body()).isEqualTo("{\"run\": 1}");
        assertThat(again.headers().firstValue("Idempotency-Replayed")).contains("true");
        HttpResponse<String> other = program.start("/api/drills", "{\"service\": \"blog\"}", "k1");
        assertThat(other.statusCode()).isEqualTo(422);
        assertThat(other.body()).contains("idempotency-key-reused");
        assertThat(other.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
        assertThat(serverUser().start("/api/drills", "{\"service\": \"shop\"}", "k1").body()).as("somebody else's key").isEqualTo("{\"run\": 2}");
        assertThat(program.start("/api/drills", "{}", " ").statusCode()).isEqualTo(400);
        assertThat(program.start("/api/drills", "impossible", "k2").statusCode()).isEqualTo(409);
        assertThat(program.start("/api/drills", "impossible", "k2").statusCode()).as("what started nothing may be tried again").isEqualTo(409);
        assertThat(STARTED).hasValue(4);
    }

    @Test
    @Order(7)
    void aStartThatNobodyHeardTheEndOfIsLookedForBeforeItIsTriedAgain() throws IOException {
        STARTED.set(0);
        Client program = Client.program(token("starts-too", "operator"));
        assertThat(program.start("/api/drills", "impossible for the engine", "k3").statusCode()).isEqualTo(503);
        String schema = new String(AccessIT.class.getResourceAsStream("/db/exporter/V1__engine_history.sql").readAllBytes(), StandardCharsets.UTF_8);
        postgres.sql("state", "create schema engine_history", schema,
                "insert into engine_history.variable select 1, 77, 77, 'idempotencyKey', to_json(key)::text, now(), 1 from firedrill.idempotency_key"
                        + " where status is null");
        HttpResponse<String> again = program.start("/api/drills", "impossible for the engine", "k3");
        assertThat(again.body()).isEqualTo("{\"run\":77}");
        postgres.sql("state", "delete from engine_history.variable");
        assertThat(program.start("/api/drills", "impossible for the engine", "k3").statusCode()).isEqualTo(503);
        assertThat(STARTED).hasValue(2);
        postgres.sql("state", "update firedrill.idempotency_key set at = now() where status is null");
        assertThat(program.start("/api/drills", "impossible for the engine", "k3").statusCode()).as("another server works on it").isEqualTo(409);
        assertThat(STARTED).hasValue(2);
    }

    @Test
    @Order(7)
    void programsGetAProblemDocumentWhateverTheyDoWrong() {
        for (HttpResponse<String> answer : List.of(serverUser().get("/api/no-such-call"), serverUser().post("/api/runs", Map.of()),
                serverUser().get("/api/audit?limit=many"), serverUser().post("/api/people", Map.of()), Client.browser().get("/api/runs"))) {
            assertThat(answer.statusCode()).isBetween(400, 499);
            assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("application/problem+json");
            assertThat(JSON.readTree(answer.body()).path("status").asInt()).isEqualTo(answer.statusCode());
        }
    }

    @Test
    @Order(8)
    void withoutTheStateDatabaseTheServersOwnUserStillGetsInAndOthersAreToldWhy() {
        Client signedInBefore = Client.browser().signedIn("olga");
        String token = token("later", "viewer");
        postgres.server().stop();
        server.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
        assertThat(serverUser().post("/api/backups", Map.of()).statusCode()).isEqualTo(200);
        assertThat(serverUser().start("/api/drills", "{}", "k9").body()).contains("state-database-down", "send it without");
        assertThat(signedInBefore.get("/runs").statusCode()).isEqualTo(200);
        HttpResponse<String> program = Client.program(token).get("/api/runs");
        assertThat(program.statusCode()).isEqualTo(503);
        assertThat(program.body()).contains("state-database-down");
        Client browser = Client.browser();
        assertThat(browser.fill("/sign-in", "/sign-in", Map.of("name", "olga", "password", PASSWORD)).headers().firstValue("Location"))
                .hasValueSatisfying(back -> assertThat(back).endsWith("problem=away"));
        assertThat(browser.get("/sign-in?problem=away").body()).contains("does not answer", "firedrill command works");
    }

    @Test
    @Order(9)
    void withoutTheStateDatabaseTheEmergencyTokenSignsInUntilItIsBack() throws IOException {
        String emergency = Files.readString(home.token()).strip();
        Client somebody = Client.browser();
        somebody.fill("/sign-in", "/sign-in", Map.of("name", "Olga", "password", emergency));
        assertThat(somebody.fill("/sign-in", "/backups", Map.of()).body()).isEqualTo("olga [VIEWER, OPERATOR, APPROVER, AUDITOR, ADMIN]");
        postgres.server().start();
        Awaitility.await().untilAsserted(() -> assertThat(somebody.get("/runs").statusCode()).isEqualTo(302));
        assertThat(somebody.fill("/sign-in", "/sign-in", Map.of("name", "olga", "password", emergency)).headers().firstValue("Location"))
                .hasValueSatisfying(back -> assertThat(back).endsWith("problem=wrong"));
        Awaitility.await().untilAsserted(() -> assertThat(logged("done"))
                .contains("olga: sign-in, with the emergency token, as the state database is away"));
    }
}
