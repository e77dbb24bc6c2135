package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ProxyConfigTest extends CommandLineFixture {
    private final String before = System.getProperty("firedrill.home", "");

    @BeforeEach
    void ownHome() {
        System.setProperty("firedrill.home", folder.resolve("home").toString());
    }

    @AfterEach
    void homeAsBefore() {
        System.setProperty("firedrill.home", before);
    }

    private String plan(String more) throws IOException {
        Path plan = folder.resolve("plan.yaml");
        return Files.writeString(plan, """
                services:
                  auth:
                    files: {keys: {path: /srv/keys}}
                    loadBalancer: {haproxy: /run/haproxy/admin.sock, backend: auth, servers: ["http://10.0.0.21:8080", "http://10.0.0.22:8081"], health: /ready, cookie: SID}
                  bare: {files: {uploads: {path: /srv/uploads}}}
                stores: {local: {path: backups}}
                """ + more).toString();
    }

    @Test
    void aServicesServersStickAndAreLookedAtWhereThePlanSays() throws IOException {
        Done haproxy = plain("proxy", "config", "auth", "--for", "haproxy", "--plan", plan(""));
        assertThat(haproxy.exit()).isZero();
        assertThat(haproxy.lines()).contains("    stats socket /run/haproxy/admin.sock mode 660 level admin expose-fd listeners",
                "    http-check send meth GET uri /ready ver HTTP/1.1 hdr Host localhost",
                "    server auth-1 10.0.0.21:8080 cookie auth-1", "    server auth-2 10.0.0.22:8081 cookie auth-2");
        assertThat(plain("proxy", "config", "auth", "--for", "nginx", "--plan", plan("")).out()).contains("map $cookie_SID $auth_person {");
    }

    @Test
    void patronisPrimaryAndItsStandbysAreReachedAtAddressesOfTheirOwn() throws IOException {
        Path plan = Files.writeString(folder.resolve("patroni.yaml"), """
                services:
                  shop:
                    databases: {orders: {url: "postgresql://firedrill@db.example.org:5000/orders"}}
                    replication:
                      manager: patroni
                      nodes: {pg1: {api: "http://10.0.0.1:8008"}, pg2: {api: "https://10.0.0.2:8009", server: "10.1.0.2:5433"}}
                      readOnly: "10.0.0.9:5002"
                stores: {local: {path: backups}}
                """);
        Done haproxy = plain("proxy", "config", "shop", "--for", "haproxy", "--plan", plan.toString());
        assertThat(haproxy.exit()).isZero();
        assertThat(haproxy.lines()).containsSubsequence(
                "listen shop_read_write", "    bind *:5000", "    http-check send meth OPTIONS uri /primary",
                "    server pg1 10.0.0.1:5432 check addr 10.0.0.1 port 8008",
                "    server pg2 10.1.0.2:5433 check addr 10.0.0.2 port 8009 check-ssl verify required ca-file @system-ca",
                "listen shop_read_only", "    bind 10.0.0.9:5002", "    http-check send meth OPTIONS uri /replica");
        assertThat(plain("proxy", "config", "shop", "--for", "nginx", "--plan", plan.toString()).err()).contains("'shop' has no loadBalancer");
    }

    @Test
    void aServerIsMarkedDownByItsName() throws IOException {
        Done upstream = plain("proxy", "config", "auth", "--for", "nginx-upstream", "--without", "auth-2", "--plan", plan(""));
        assertThat(upstream.lines()).contains("    server 10.0.0.21:8080 max_fails=1 fail_timeout=2s;",
                "    server 10.0.0.22:8081 max_fails=1 fail_timeout=2s down;");
        Done unknown = plain("proxy", "config", "auth", "--for", "nginx-upstream", "--without", "auth-3", "--plan", plan(""));
        assertThat(unknown.exit()).isEqualTo(2);
        assertThat(unknown.err()).contains("auth-3", "auth-1, auth-2");
    }

    @Test
    void whatThePlanDoesNotHaveIsSaidWithWhatToWrite() throws IOException {
        assertThat(plain("proxy", "config", "console", "--for", "haproxy", "--plan", plan("")).err()).contains("no 'console'", "Add console:");
        assertThat(plain("proxy", "config", "bare", "--for", "haproxy", "--plan", plan("")).err()).contains("'bare' has no loadBalancer", "Add loadBalancer:");
        assertThat(plain("proxy", "config", "nobody", "--for", "haproxy", "--plan", plan("")).err()).contains("nobody", "auth");
        assertThat(plain("proxy", "config", "auth", "--for", "apache", "--plan", plan("")).exit()).isEqualTo(2);
    }

    @Test
    void serversThatShareAStateDatabaseShareTheCookieThatNginxSticksTo() throws IOException {
        String state = "state: {url: \"postgresql://firedrill@state.example.org/firedrill\"}\n"
                + "console: {servers: [\"http://10.0.0.11:8700\", \"http://10.0.0.12:8700\"]}\n";
        String here = plain("proxy", "config", "console", "--for", "nginx", "--plan", plan(state)).out();
        System.setProperty("firedrill.home", folder.resolve("another-home").toString());
        assertThat(plain("proxy", "config", "console", "--for", "nginx", "--plan", plan(state)).out()).isEqualTo(here).contains("$cookie_firedrill_");
    }
}
