package io.firedrill.traffic;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.plan.Database;
import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.Service;
import io.firedrill.plan.TrafficPlan;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.BesideRecovery;
import io.firedrill.recovery.MeasuredRecoveries;
import io.firedrill.recovery.Recovery;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.recovery.Scene;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.net.CookieManager;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody's own sign-in servers behind the real HAProxy and NGINX, their database behind the real pgbouncer. */
class TrafficIT {
    @TempDir
    Path folder;

    private static HttpClient person() {
        return HttpClient.newBuilder().cookieHandler(new CookieManager()).connectTimeout(Duration.ofSeconds(5)).build();
    }

    private static HttpResponse<String> ask(HttpClient person, LoadBalancer balancer, String path) throws IOException, InterruptedException {
        return person.send(HttpRequest.newBuilder(URI.create("http://" + balancer.listen() + path)).timeout(Duration.ofSeconds(30)).build(),
                BodyHandlers.ofString());
    }

    private static void awaitServed(LoadBalancer balancer) {
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> ask(person(), balancer, "/").statusCode() == 200);
    }

    @Test
    void haproxySticksDrainsWithoutCuttingARequestAndLeavesAloneWhatAnOperatorTookOut() throws Exception {
        try (WebServer one = new WebServer("one"); WebServer two = new WebServer("two"); WebServer three = new WebServer("three");
                Balancers balancers = new Balancers(folder.resolve("haproxy"))) {
            LoadBalancer auth = balancers.haproxy("auth", List.of(one.address(), two.address(), three.address()), Ports.free(), "/");
            balancers.startHaproxy(auth);
            awaitServed(auth);
            HttpClient person = person();
            String first = ask(person, auth, "/").body();
            for (int i = 0; i < 5; i++) {
                assertThat(ask(person, auth, "/").body()).isEqualTo(first);
            }
            HaproxyRuntime runtime = new HaproxyRuntime(balancers.socket(), "auth");
            WebServer mine = Map.of("one", one, "two", two, "three", three).get(first);
            String operators = first.equals("three") ? "auth-1" : "auth-3";
            runtime.tell("set server auth/%s state maint".formatted(operators));
            CompletableFuture<HttpResponse<String>> underWay =
                    person.sendAsync(HttpRequest.newBuilder(URI.create("http://" + auth.listen() + "/slow")).build(), BodyHandlers.ofString());
            mine.awaitAsked();
            Traffic traffic = new Traffic(new TrafficPlan(Optional.of(auth), Optional.empty()));

            CompletableFuture<List<String>> holding = CompletableFuture.supplyAsync(traffic::hold);
            Awaitility.await().until(() -> runtime.members().stream().filter(HaproxyRuntime.Member::takenOutByUs).count() == 2);
            mine.finish();

            assertThat(underWay.get(20, TimeUnit.SECONDS).body()).isEqualTo(first);
            assertThat(holding.get(20, TimeUnit.SECONDS)).containsExactly("2 servers of auth drained in HAProxy");
            assertThat(ask(person, auth, "/").statusCode()).isEqualTo(503);
            assertThat(traffic.hold()).as("again, as after a crash").containsExactly("2 servers of auth drained in HAProxy");
            assertThat(traffic.release()).containsExactly("2 servers of auth enabled in HAProxy");
            assertThat(traffic.release()).as("again").containsExactly("0 servers of auth enabled in HAProxy");
            assertThat(ask(person, auth, "/").body()).isEqualTo(first);
            assertThat(runtime.members()).filteredOn(HaproxyRuntime.Member::out).extracting(HaproxyRuntime.Member::name).containsExactly(operators);
        }
    }

    @Test
    void nginxSticksMovesPeopleOfADeadServerAndIsTakenDownAndUpByItsUpstreamFile() throws Exception {
        try (WebServer one = new WebServer("one"); WebServer two = new WebServer("two");
                Balancers balancers = new Balancers(folder.resolve("nginx"))) {
            LoadBalancer auth = balancers.nginx("auth", List.of(one.address(), two.address()), Ports.free(), "/");
            balancers.startNginx(auth, "JSESSIONID");
            awaitServed(auth);
            String before = Files.readString(folder.resolve("nginx/upstream.conf"));
            Traffic traffic = new Traffic(new TrafficPlan(Optional.of(auth), Optional.empty()));

            assertThat(balancers.reloading(traffic::hold)).containsExactly("auth taken down in NGINX");
            assertThat(balancers.reloading(traffic::hold)).as("again, as after a crash").containsExactly("auth taken down in NGINX");
            assertThat(ask(person(), auth, "/").statusCode()).isEqualTo(502);
            assertThat(balancers.reloading(traffic::release)).containsExactly("auth enabled in NGINX");
            traffic.release();
            assertThat(ask(person(), auth, "/").statusCode()).isEqualTo(200);
            assertThat(folder.resolve("nginx/upstream.conf")).hasContent(before);

            String mine = withSession(auth, "anna");
            (mine.equals("one") ? one : two).close();
            assertThat(withSession(auth, "anna")).isEqualTo(mine.equals("one") ? "two" : "one");
        }
    }

    /** The same session is always served by the same server. */
    private static String withSession(LoadBalancer balancer, String session) throws IOException, InterruptedException {
        String served = "";
        for (int i = 0; i < 4; i++) {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(
                    HttpRequest.newBuilder(URI.create("http://" + balancer.listen() + "/")).header("Cookie", "JSESSIONID=" + session).build(),
                    BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(served).isIn("", answer.body());
            served = answer.body();
        }
        return served;
    }

    @Test
    void aRecoveryHoldsUpPeopleAndQueriesWhileItFencesAndLetsThemGoOnAfterwards() throws Exception {
        try (WebServer web = new WebServer("shop"); Balancers balancers = new Balancers(folder.resolve("balancer"));
                Scene scene = new Scene(ThrowawayPostgres.shared(), folder.resolve("scene"), "tier_shop");
                Pool pool = new Pool(scene.db)) {
            scene.postgres.sql("tier_shop", "create table users (id int primary key)", "insert into users select generate_series(1, 100)");
            scene.dump();
            LoadBalancer balancer = balancers.haproxy("shop", List.of(web.address()), Ports.free(), "/");
            balancers.startHaproxy(balancer);
            awaitServed(balancer);
            Recovery recovery = heldUp(scene, new TrafficPlan(Optional.of(balancer), Optional.of(
                    new TrafficPlan.PgBouncer(pool.console(), List.of("shop"), Duration.ofSeconds(2)))));
            RestorePlan plan = scene.selectDatabase();
            Connection working = pool.connect();
            working.setAutoCommit(false);
            assertThat(count(working)).isEqualTo(100);

            Recovery.Fenced fenced = recovery.fence(Scene.SERVICE, Scene.INCIDENT, plan);

            assertThat(fenced.held()).containsExactly("1 servers of shop drained in HAProxy", "pgbouncer's shop paused, its connections cut");
            assertThat(ask(person(), balancer, "/").statusCode()).isEqualTo(503);
            assertThat(recovery.fence(Scene.SERVICE, Scene.INCIDENT, plan).held()).as("again, as after a crash").hasSize(2);
            CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> {
                try (Connection later = pool.connect()) {
                    return count(later);
                } catch (SQLException e) {
                    throw new AssertionError(e);
                }
            });
            scene.restore(plan);
            recovery.cutOver(Scene.SERVICE, Scene.INCIDENT, plan);
            assertThat(waiting).isNotDone();
            recovery.unfence(Scene.SERVICE, Scene.INCIDENT, plan);

            assertThat(waiting.get(30, TimeUnit.SECONDS)).as("the query that waited is answered by the restored database").isEqualTo(100);
            assertThat(ask(person(), balancer, "/").statusCode()).isEqualTo(200);
        }
    }

    private static int count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet row = statement.executeQuery("select count(*) from users")) {
            row.next();
            return row.getInt(1);
        }
    }

    private Recovery heldUp(Scene scene, TrafficPlan traffic) {
        Service is = scene.plan.service(Scene.SERVICE);
        Service with = new Service(is.name(), is.objectives(), is.databases(), is.fileSets(), is.checks(), is.backups(), is.approvals(),
                is.drillSchedule(), is.recheck(), traffic);
        RecoveryPlan plan = new RecoveryPlan(scene.plan.file(), scene.plan.digest(), Map.of(Scene.SERVICE, with), scene.plan.stores(),
                scene.plan.encryption(), List.of(), scene.plan.engine(), scene.plan.state(), scene.plan.timeZone());
        return new BesideRecovery(plan, scene.stores, scene.keys, scene.catalog, MeasuredRecoveries.NONE, folder.resolve("scratch"), folder.resolve("wal"), Clock.systemUTC());
    }

    /** A real pgbouncer in transaction mode with the one database {@code shop}. */
    private static final class Pool implements AutoCloseable {
        private final Path folder = Files.createTempDirectory("firedrill-test-pgbouncer");
        private final int port = Ports.free();
        private final Process process;

        Pool(Database database) throws IOException {
            String password = Files.readString(database.passwordFile().orElseThrow()).strip().replace("'", "''");
            Path users = Files.writeString(folder.resolve("users.txt"), "\"firedrill\" \"\"\n");
            Path ini = Files.writeString(folder.resolve("pgbouncer.ini"), """
                    [databases]
                    shop = host=127.0.0.1 port=%d dbname=%s user=%s password='%s'
                    [pgbouncer]
                    listen_addr = 127.0.0.1
                    listen_port = %d
                    unix_socket_dir =
                    auth_type = trust
                    auth_file = %s
                    admin_users = firedrill
                    pool_mode = transaction
                    ignore_startup_parameters = extra_float_digits
                    """.formatted(database.port(), database.dbname(), database.user(), password, port, users));
            LocalPostgres.own(folder);
            LocalPostgres.own(ini);
            LocalPostgres.own(users);
            List<String> command = LocalPostgres.root()
                    ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", Programs.find("pgbouncer"), ini.toString())
                    : List.of(Programs.find("pgbouncer"), ini.toString());
            process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
            Awaitility.await().ignoreExceptions().until(() -> {
                try (Connection connection = connect()) {
                    return connection.isValid(5);
                }
            });
        }

        Database console() {
            return new Database("pgbouncer", "127.0.0.1", port, "firedrill", "pgbouncer", Map.of(), Optional.empty());
        }

        Connection connect() throws SQLException {
            return PgConnections.open(console().onDatabase("shop"));
        }

        @Override
        public void close() throws InterruptedException, IOException {
            process.destroy();
            process.waitFor(10, TimeUnit.SECONDS);
            try (var files = Files.list(folder)) {
                files.forEach(file -> file.toFile().delete());
            }
            Files.delete(folder);
        }
    }
}
