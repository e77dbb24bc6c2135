package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.zaxxer.hikari.HikariDataSource;
import io.firedrill.engine.Home;
import io.firedrill.plan.Database;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.tool.Ports;
import java.io.IOException;
import java.net.CookieManager;
import java.net.InetAddress;
import java.net.InetSocketAddress;
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
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
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
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerResponse;

/** Sign-in by a real OpenID Connect provider, as a browser does it; the first test meets it away, the last has no state database. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OidcIT {
    private static final String PASSWORD = "a sentence is easy to remember";
    private static final Pattern FORM_TOKEN = Pattern.compile("name=\"_csrf\"[^>]* value=\"([^\"]+)\"");

    @TempDir
    private static Path folder;

    private static ThrowawayPostgres postgres;
    private static Database state;
    private static Home home;
    private static int port;
    private static int providerPort;
    private static ConfigurableApplicationContext server;
    private static OidcProvider provider;

    @EnableAutoConfiguration(exclude = UserDetailsServiceAutoConfiguration.class)
    @ComponentScan(
            basePackages = {"io.firedrill.console.access", "io.firedrill.console.page"},
            useDefaultFilters = false,
            includeFilters = @ComponentScan.Filter(type = FilterType.REGEX,
                    pattern = ".*\\.(AccessConfiguration|PeopleController|Frame|Say|SignInPages|ErrorPages|PageProblems)"))
    static class Gate extends GateBeans {
        @Override
        Database state() {
            return state;
        }

        @Bean
        RouterFunction<ServerResponse> behind() {
            RouterFunctions.Builder routes = RouterFunctions.route();
            for (String seen : List.of("/runs", "/audit", "/services/shop/recover")) {
                routes.GET(seen, request -> ServerResponse.ok().body("seen by " + request.principal().orElseThrow().getName()));
            }
            return routes.build();
        }
    }

    @BeforeAll
    static void start() throws IOException {
        postgres = ThrowawayPostgres.start();
        state = postgres.create("state");
        home = new Home(folder.resolve("home"));
        List<Integer> ports = Ports.free(2);
        port = ports.get(0);
        providerPort = ports.get(1);
        Files.writeString(folder.resolve("secret"), OidcProvider.SECRET + "\n");
        RecoveryPlan plan = PlanReader.read(Files.writeString(folder.resolve("plan.yaml"), """
                services: {wiki: {files: {pages: {path: /wiki}}}}
                stores: {local: {path: /backups}}
                console:
                  address: http://127.0.0.1:%d
                  oidc: {issuer: "%s", clientId: firedrill, clientSecretFile: secret, roles: {sre: [operator], leads: [approver, auditor]}}
                """.formatted(port, OidcProvider.issuer(providerPort))));
        server = new SpringApplicationBuilder(Gate.class)
                .properties(Map.of("server.port", port, "server.address", "127.0.0.1", "server.servlet.session.cookie.name", "it"))
                .initializers(context -> {
                    ((GenericApplicationContext) context).registerBean(Home.class, () -> home);
                    ((GenericApplicationContext) context).registerBean(RecoveryPlan.class, () -> plan);
                })
                .run();
        Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> Files.exists(home.firstSignIn()));
    }

    @AfterAll
    static void stop() {
        server.close();
        if (provider != null) {
            provider.close();
        }
        postgres.remove();
    }

    /** One browser, which goes where it is sent. */
    private static final class Browser {
        private final CookieManager cookies = new CookieManager();
        private final HttpClient http = HttpClient.newBuilder().cookieHandler(cookies).followRedirects(HttpClient.Redirect.NORMAL).build();

        HttpResponse<String> get(String path) {
            return send(HttpRequest.newBuilder(at(path)).GET());
        }

        HttpResponse<String> fill(HttpResponse<String> page, String path, Map<String, String> fields) {
            Matcher token = FORM_TOKEN.matcher(page.body());
            Map<String, String> all = new java.util.HashMap<>(fields);
            all.put("_csrf", token.find() ? token.group(1) : "");
            String form = all.entrySet().stream()
                    .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8))
                    .collect(Collectors.joining("&"));
            return send(HttpRequest.newBuilder(page.uri().resolve(path))
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(BodyPublishers.ofString(form)));
        }

        /** From Firedrill's sign-in through the provider's and back. */
        HttpResponse<String> signInAtTheProvider(String name) {
            HttpResponse<String> login = get("/sign-in/oidc");
            assertThat(login.uri().toString()).startsWith(OidcProvider.issuer(providerPort) + "/login");
            return fill(login, "/login", Map.of("username", name, "password", OidcProvider.PASSWORD));
        }

        private static URI at(String path) {
            return path.startsWith("http") ? URI.create(path) : URI.create("http://127.0.0.1:" + port + path);
        }

        private HttpResponse<String> send(HttpRequest.Builder request) {
            try {
                return http.send(request.header("Accept", "text/html").timeout(Duration.ofMinutes(1)).build(), BodyHandlers.ofString());
            } catch (IOException | InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        String session() {
            return cookies.getCookieStore().get(at("/")).stream().filter(cookie -> cookie.getName().equals("it")).findFirst().orElseThrow().getValue();
        }
    }

    private static List<String> recorded(String outcome) {
        return postgres.column("state", "select who || ': ' || coalesce(entry ->> 'detail', '') from firedrill_audit.entry"
                + " where action = 'sign-in' and outcome = '" + outcome + "' order by n");
    }

    private static void awaitRecorded(String outcome, String line) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(recorded(outcome)).contains(line));
    }

    private static String by(String why) {
        return "by " + OidcProvider.issuer(providerPort) + why;
    }

    @Test
    @Order(1)
    void whileTheProviderIsAwayThePageSaysSoAndOwnAccountsWork() throws IOException {
        HttpResponse<String> back = new Browser().get("/sign-in/oidc");
        assertThat(back.uri().toString()).endsWith("/sign-in?problem=issuer");
        assertThat(back.body()).contains("localhost, which vouches for people, does not answer as it should", "Sign in with");

        String link = Files.readString(home.firstSignIn()).strip();
        Browser admin = new Browser();
        admin.fill(admin.get(link), link, Map.of("password", PASSWORD, "again", PASSWORD));
        HttpResponse<String> in = admin.fill(admin.get("/sign-in"), "/sign-in", Map.of("name", "admin", "password", PASSWORD));
        assertThat(admin.get("/runs").body()).as(in.body()).isEqualTo("seen by admin");
    }

    @Test
    @Order(1)
    void metadataThatLacksSomethingIsNoErrorPage() throws IOException {
        HttpServer half = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), providerPort), 0);
        half.createContext("/", exchange -> {
            byte[] metadata = "{\"issuer\": \"%s\"}".formatted(OidcProvider.issuer(providerPort)).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, metadata.length);
            exchange.getResponseBody().write(metadata);
            exchange.close();
        });
        half.start();
        try {
            assertThat(new Browser().get("/sign-in/oidc").uri().toString()).endsWith("/sign-in?problem=issuer");
        } finally {
            half.stop(0);
        }
    }

    @Test
    @Order(2)
    void onceTheProviderIsThereItsPeopleComeInWithTheRolesOfTheirGroups() {
        provider = OidcProvider.start(providerPort, "http://127.0.0.1:" + port + "/login/oauth2/code/oidc");
        Browser olga = new Browser();
        assertThat(olga.get("/runs").body()).contains("Sign in with <span>localhost</span>");
        assertThat(olga.signInAtTheProvider("Olga").body()).as("the page she wanted").isEqualTo("seen by olga");
        assertThat(olga.get("/services/shop/recover").body()).isEqualTo("seen by olga");
        assertThat(olga.get("/audit").statusCode()).isEqualTo(403);

        Browser lea = new Browser();
        lea.signInAtTheProvider("lea");
        assertThat(lea.get("/audit").body()).isEqualTo("seen by lea");
        assertThat(lea.get("/services/shop/recover").statusCode()).isEqualTo(403);
        awaitRecorded("done", "olga: " + by(""));
    }

    @Test
    @Order(3)
    void theSessionGetsANewIdAndKeepsANameAndRolesOnly() {
        Browser olga = new Browser();
        olga.get("/runs");
        String before = olga.session();
        olga.signInAtTheProvider("Olga");
        assertThat(olga.session()).isNotEqualTo(before);
        assertThat(postgres.column("state", "select convert_from(attribute_bytes, 'UTF8')::json ->> 'kind' from firedrill.session_attributes a"
                + " join firedrill.session s on s.primary_id = a.session_primary_id where s.session_id = '" + plain(olga.session()) + "'"))
                .contains("signed-in").doesNotContain("oidc-request");
        assertThat(postgres.column("state", "select distinct convert_from(attribute_bytes, 'UTF8')::jsonb from firedrill.session_attributes a"
                + " join firedrill.session s on s.primary_id = a.session_primary_id"
                + " where principal_name = 'olga' and attribute_name = 'SPRING_SECURITY_CONTEXT'"))
                .containsExactly("{\"kind\": \"signed-in\", \"name\": \"olga\", \"roles\": [\"viewer\", \"operator\"]}");
    }

    /** The cookie holds the session's id in base64. */
    private static String plain(String cookie) {
        return new String(Base64.getDecoder().decode(cookie), StandardCharsets.UTF_8);
    }

    @Test
    @Order(3)
    void whoseGroupsMeanNothingHereStaysOut() {
        Browser paula = new Browser();
        HttpResponse<String> back = paula.signInAtTheProvider("paula");
        assertThat(back.uri().toString()).endsWith("/sign-in?problem=no-role");
        assertThat(back.body()).contains("none of your groups may come in here", "claim &#39;groups&#39;");
        assertThat(paula.get("/runs").uri().getPath()).isEqualTo("/sign-in");
        awaitRecorded("denied", "paula: " + by(": no role by the claim groups"));
    }

    @Test
    @Order(3)
    void whoseNameCannotBeOneHereStaysOut() {
        assertThat(new Browser().signInAtTheProvider("odd one").uri().toString()).endsWith("/sign-in?problem=nameless");
    }

    @Test
    @Order(3)
    void whomAnAdminShutOutStaysOut() {
        postgres.sql("state", "insert into firedrill.account (name, roles, created_by, created_at, disabled_at)"
                + " values ('shut', '{viewer}', 'admin', now(), now())");
        HttpResponse<String> back = new Browser().signInAtTheProvider("shut");
        assertThat(back.uri().toString()).endsWith("/sign-in?problem=shut-out");
        awaitRecorded("denied", "shut: " + by(": shut out here"));
    }

    @Test
    @Order(3)
    void anAnswerThatThisBrowserDidNotAskForIsWorthNothing() {
        Browser olga = new Browser();
        HttpResponse<String> back = olga.get("/login/oauth2/code/oidc?code=stolen&state=guessed");
        assertThat(back.uri().toString()).endsWith("/sign-in?problem=stale");
        assertThat(olga.get("/runs").uri().getPath()).isEqualTo("/sign-in");
        HttpResponse<String> refused = olga.get("/login/oauth2/code/oidc?error=access_denied&state=guessed&error_description=%3Cb%3Eraw");
        assertThat(refused.body()).doesNotContain("raw");
        awaitRecorded("denied", "somebody: by OpenID Connect: stale");
    }

    @Test
    @Order(4)
    void withoutTheStateDatabaseTheProvidersPeopleStillComeIn() {
        postgres.server().stop();
        server.getBean(HikariDataSource.class).getHikariPoolMXBean().softEvictConnections();
        Browser olga = new Browser();
        olga.get("/runs");
        assertThat(olga.signInAtTheProvider("Olga").body()).isEqualTo("seen by olga");
        postgres.server().start();
        awaitRecorded("done", "olga: " + by(", and whether an admin shut them out is unknown, as the state database is away"));
    }
}
