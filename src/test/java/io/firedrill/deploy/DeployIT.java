package io.firedrill.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.firedrill.console.Server;
import io.firedrill.engine.Home;
import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.tool.Command;
import io.firedrill.tool.LocalPostgres;
import io.firedrill.tool.Ports;
import io.firedrill.tool.Programs;
import io.firedrill.traffic.Balancers;
import io.firedrill.traffic.HaproxyConfig;
import io.firedrill.traffic.NginxConfig;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Ingress;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.json.JsonMapper;

/** What deploy/ ships, each tried by the program it is for as far as this machine allows. */
class DeployIT {
    private static final Path DEPLOY = Path.of("deploy");

    @TempDir
    Path folder;

    private static String shipped(String file) throws IOException {
        return Files.readString(DEPLOY.resolve(file));
    }

    private static void passes(String program, String... arguments) {
        Command.Result<String> result = Command.of(Programs.find(program), arguments).run();
        assertThat(result.exit()).as("%s %s: %s%s", program, List.of(arguments), result.value(), result.stderr()).isZero();
    }

    /** With the secrets that it names. */
    private RecoveryPlan plan(String text) throws IOException {
        Path secrets = Files.createDirectories(folder.resolve("secrets"));
        for (String secret : List.of("orders", "state")) {
            Files.writeString(secrets.resolve(secret), "secret\n");
        }
        return PlanReader.read(Files.writeString(folder.resolve("recovery-plan.yaml"), text));
    }

    @Test
    void haproxysFileIsWhatTheCommandWritesAndHaproxyTakesIt() throws Exception {
        RecoveryPlan plan = plan(shipped("recovery-plan.yaml"));
        LoadBalancer console = plan.console().balancer().orElseThrow();
        LoadBalancer shop = plan.service("shop").traffic().loadBalancer().orElseThrow();
        assertThat(shipped("haproxy/haproxy.cfg")).isEqualTo(HaproxyConfig.of(List.of(console, shop)));
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), shipped("haproxy/haproxy.cfg")
                .replaceAll("/etc/haproxy/certs/[a-z]+\\.pem", certificate().toString())
                .replace("/run/haproxy", folder.toString()));
        passes("haproxy", "-c", "-f", file.toString());
        Path inContainer = Files.writeString(folder.resolve("container.cfg"), shipped("container/haproxy.cfg").replace("/run/haproxy", folder.toString()));
        assertThat(shipped("container/haproxy.cfg"))
                .isEqualTo(HaproxyConfig.of(List.of(plan(shipped("container/recovery-plan.yaml")).console().balancer().orElseThrow())));
        passes("haproxy", "-c", "-f", inContainer.toString());
    }

    @Test
    void haproxyTakesWhatIsWrittenForPatroni() throws Exception {
        ReplicationPlan.Patroni cluster = (ReplicationPlan.Patroni) plan("""
                services:
                  shop:
                    databases: {orders: {url: "postgresql://firedrill@127.0.0.1:5000/orders"}}
                    replication:
                      manager: patroni
                      nodes: {pg1: {api: "http://10.0.0.1:8008"}, pg2: {api: "https://10.0.0.2:8008", server: "10.1.0.2:5433"}}
                stores: {local: {path: backups}}
                """).service("shop").replication().orElseThrow();
        Path file = Files.writeString(folder.resolve("patroni.cfg"),
                HaproxyConfig.of(List.of(), Map.of("shop", cluster)).replace("/run/haproxy", folder.toString()));
        passes("haproxy", "-c", "-f", file.toString());
    }

    @Test
    void nginxsFilesAreWhatTheCommandWritesAndNginxTakesThem() throws Exception {
        RecoveryPlan plan = plan(shipped("recovery-plan.yaml"));
        LoadBalancer console = plan.console().balancer().orElseThrow();
        String cookie = Server.sessionCookie(plan, new Home(folder));
        assertThat(shipped("nginx/firedrill.conf")).isEqualTo(NginxConfig.server(console, cookie));
        assertThat(shipped("nginx/firedrill-upstream.conf")).isEqualTo(NginxConfig.upstream(console, Set.of()));
        String http = (shipped("nginx/firedrill-upstream.conf") + shipped("nginx/firedrill.conf"))
                .replaceAll("/etc/haproxy/certs/[a-z]+\\.pem", certificate().toString());
        Path file = Files.writeString(folder.resolve("nginx.conf"), Balancers.around(http));
        passes("nginx", "-p", folder.toString(), "-e", folder.resolve("error.log").toString(), "-c", file.toString(), "-t");
    }

    private Path certificate() throws IOException {
        Path key = folder.resolve("key.pem");
        Path chain = folder.resolve("chain.pem");
        passes("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=firedrill.example.org",
                "-keyout", key.toString(), "-out", chain.toString());
        return Files.writeString(folder.resolve("both.pem"), Files.readString(chain) + Files.readString(key));
    }

    @Test
    void systemdTakesTheUnit() throws Exception {
        Path program = Files.writeString(folder.resolve("firedrill"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        String text = shipped("systemd/firedrill.service");
        assertThat(text).contains("ExecStart=/opt/firedrill/firedrill up --foreground --plan /etc/firedrill/recovery-plan.yaml");
        Path unit = Files.writeString(folder.resolve("firedrill.service"), text.replace("/opt/firedrill/firedrill", program.toString()));
        Command.Result<String> result = Command.of("systemd-analyze", "verify", unit.toString()).run();
        assertThat(result.exit()).as(result.stderr()).isZero();
        assertThat(result.stderr().lines()).as("about other units of this machine it may complain").noneMatch(line -> line.contains("firedrill.service"));
    }

    @Test
    void prometheusTakesItsConfigurationAndTheAlertRules() {
        passes("promtool", "check", "rules", DEPLOY.resolve("prometheus/alerts.yml").toString());
        passes("promtool", "check", "config", "--syntax-only", DEPLOY.resolve("prometheus/prometheus.yml").toString());
    }

    @Test
    void composeTakesItsFileAndItsPlanIsOne() throws Exception {
        passes("docker-compose", "-f", DEPLOY.resolve("container/compose.yaml").toString(), "config", "-q");
        RecoveryPlan plan = plan(shipped("container/recovery-plan.yaml"));
        Map<String, Map<String, Map<String, Map<String, Map<String, String>>>>> compose = new Yaml().load(shipped("container/compose.yaml"));
        for (LoadBalancer console : plan.console().balancer().stream().toList()) {
            assertThat(console.servers()).extracting(uri -> uri.getHost()).containsExactly(
                    compose.get("services").get("firedrill-1").get("networks").get("tier").get("ipv4_address"),
                    compose.get("services").get("firedrill-2").get("networks").get("tier").get("ipv4_address"));
        }
    }

    @Test
    void kubernetesManifestsAreOfItsSchemaAndTheirPlanIsOne() throws Exception {
        Map<String, JsonObject> byKind = new LinkedHashMap<>();
        JsonMapper json = new JsonMapper();
        for (Object document : new Yaml().loadAll(shipped("kubernetes/firedrill.yaml"))) {
            JsonObject manifest = JsonParser.parseString(json.writeValueAsString(document)).getAsJsonObject();
            byKind.put(manifest.get("kind").getAsString(), manifest);
            validate(manifest);
        }
        assertThat(byKind.keySet()).containsExactlyInAnyOrder("ConfigMap", "Secret", "StatefulSet", "Service", "PodDisruptionBudget", "Ingress");
        plan(byKind.get("ConfigMap").getAsJsonObject("data").get("recovery-plan.yaml").getAsString());
        JsonObject wrong = byKind.get("StatefulSet").deepCopy();
        wrong.getAsJsonObject("spec").getAsJsonObject("template").getAsJsonObject("spec").addProperty("containrs", "x");
        assertThatThrownBy(() -> validate(wrong)).as("the schema is looked at in depth").hasMessageContaining("containrs");
    }

    private static void validate(JsonElement manifest) throws IOException {
        String kind = manifest.getAsJsonObject().get("kind").getAsString();
        switch (kind) {
            case "ConfigMap" -> V1ConfigMap.validateJsonElement(manifest);
            case "Secret" -> V1Secret.validateJsonElement(manifest);
            case "StatefulSet" -> V1StatefulSet.validateJsonElement(manifest);
            case "Service" -> V1Service.validateJsonElement(manifest);
            case "PodDisruptionBudget" -> V1PodDisruptionBudget.validateJsonElement(manifest);
            case "Ingress" -> V1Ingress.validateJsonElement(manifest);
            default -> throw new AssertionError("no schema for " + kind);
        }
    }

    @Test
    void patroniTakesItsExample() throws Exception {
        List<Integer> ports = Ports.free(2);
        Path file = Files.writeString(folder.resolve("patroni.yml"), shipped("patroni/patroni.yml")
                .replace(" listen: 10.0.0.31:8008", " listen: 127.0.0.1:" + ports.get(0))
                .replace(" listen: 10.0.0.31:5432", " listen: 127.0.0.1:" + ports.get(1)));
        passes("patroni", "--validate-config", file.toString());
    }

    @Test
    void pgpoolStartsWithItsExample() throws Exception {
        Path own = Files.createTempDirectory("firedrill-test-pgpool");
        List<Integer> ports = Ports.free(2);
        Files.writeString(own.resolve("pgpool.conf"), shipped("pgpool/pgpool.conf")
                        .replace("\nport = 9999", "\nport = " + ports.get(0))
                        .replace("pcp_port = 9898", "pcp_port = " + ports.get(1))
                        .replace("listen_addresses = '*'", "listen_addresses = '127.0.0.1'")
                + "unix_socket_directories = '%1$s'\npcp_socket_dir = '%1$s'\npid_file_name = '%1$s/pid'\nlogdir = '%1$s'\n".formatted(own));
        for (String empty : List.of("pcp.conf", "pool_hba.conf", "pool_passwd")) {
            Files.createFile(own.resolve(empty));
        }
        LocalPostgres.own(own);
        List<String> command = new java.util.ArrayList<>(LocalPostgres.root()
                ? List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups")
                : List.of());
        command.addAll(List.of(Programs.find("pgpool"), "-n", "-f", own.resolve("pgpool.conf").toString(),
                "-F", own.resolve("pcp.conf").toString(), "-a", own.resolve("pool_hba.conf").toString()));
        Path log = folder.resolve("pgpool.log");
        Process pgpool = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
        try {
            Awaitility.await().untilAsserted(() -> assertThat(log).content().contains("find_primary_node"));
            assertThat(pgpool.isAlive()).isTrue();
            assertThat(Files.readString(log)).doesNotContain("unrecognized configuration parameter", "FATAL");
        } finally {
            pgpool.destroy();
            pgpool.waitFor(20, TimeUnit.SECONDS);
            Command.of("rm", "-r", own.toString()).run();
        }
    }

    @Test
    void theContainerFileNamesWhatTheBuildMakes() throws Exception {
        String text = shipped("container/Containerfile");
        assertThat(text).contains("COPY target/app /opt/firedrill/app", "io.firedrill.cli.Firedrill", "\"serve\"");
        assertThat(Path.of("target/app/firedrill.jar")).exists();
    }
}
