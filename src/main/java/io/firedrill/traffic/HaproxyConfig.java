package io.firedrill.traffic;

import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.LoadBalancer.Control;
import io.firedrill.plan.ReplicationPlan;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A whole {@code haproxy.cfg}: sticky by a cookie of HAProxy's own, health by HTTP, a server's death moving its people; and
 * where the primary and the standbys of Patroni's clusters are reached.
 */
public final class HaproxyConfig {
    private static final Path SOCKET = Path.of("/run/haproxy/admin.sock");

    private final StringBuilder text = new StringBuilder();

    /** @param balancers at least one, each of its own backend name */
    public static String of(List<LoadBalancer> balancers) {
        return of(balancers, Map.of());
    }

    /** @param clusters of Patroni's, by their service; with none, at least one balancer */
    public static String of(List<LoadBalancer> balancers, Map<String, ReplicationPlan.Patroni> clusters) {
        HaproxyConfig config = new HaproxyConfig();
        config.global(balancers);
        balancers.forEach(config::balancer);
        clusters.forEach((service, cluster) -> {
            config.postgres(service + "_read_write", cluster.readWrite(), "/primary", cluster);
            config.postgres(service + "_read_only", cluster.readOnly(), "/replica", cluster);
        });
        return config.text.toString();
    }

    /** Patroni's REST API answers 200 at {@code health} on the nodes that are meant (its manual, "Health check endpoints"). */
    private void postgres(String name, String listen, String health, ReplicationPlan.Patroni cluster) {
        line("");
        line("listen %s", name);
        line("    bind %s", listen);
        line("    mode tcp");
        line("    option tcplog");
        line("    option clitcpka");
        line("    option srvtcpka");
        line("    balance leastconn");
        // A pool's sessions may be idle for long; whether their ends live, TCP keeps asking.
        line("    timeout client 1d");
        line("    timeout server 1d");
        line("    option httpchk");
        line("    http-check send meth OPTIONS uri %s", health);
        line("    http-check expect status 200");
        line("    # Sessions on a node that is not meant any more are ended: a client that writes to an old primary would not know.");
        line("    default-server inter 1s fall 2 rise 1 on-marked-down shutdown-sessions");
        cluster.nodes().values().forEach(node -> {
            URI api = node.api();
            String tls = api.getScheme().equals("https") ? " check-ssl verify required ca-file @system-ca" : "";
            line("    server %s %s check addr %s port %d%s", node.name(), node.server(), api.getHost(), api.getPort(), tls);
        });
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }

    private void global(List<LoadBalancer> balancers) {
        line("# Written by firedrill proxy config from the recovery plan. Check it with: haproxy -c -f FILE");
        line("global");
        (balancers.isEmpty() ? Stream.of(SOCKET) : balancers.stream().map(HaproxyConfig::socket)).distinct().forEach(socket ->
                line("    stats socket %s mode 660 level admin expose-fd listeners", socket));
        line("    stats timeout 30s");
        line("    log /dev/log local0");
        line("");
        line("defaults");
        line("    mode http");
        line("    log global");
        line("    option httplog");
        line("    timeout connect 2s");
        line("    timeout client 1m");
        // A page's event stream shows a sign of life every ten seconds.
        line("    timeout server 1m");
        line("    timeout queue 10s");
    }

    private static Path socket(LoadBalancer balancer) {
        return balancer.control()
                .filter(Control.Haproxy.class::isInstance)
                .map(control -> ((Control.Haproxy) control).socket())
                .orElse(SOCKET);
    }

    private void balancer(LoadBalancer balancer) {
        boolean tls = balancer.certificate().isPresent();
        line("");
        line("frontend %s_front", balancer.backend());
        line("    bind %s%s", balancer.listen(),
                balancer.certificate().map(file -> " ssl crt %s alpn h2,http/1.1 ssl-min-ver TLSv1.2".formatted(file)).orElse(""));
        line("    http-request set-header X-Forwarded-For %%[src]");
        line(tls ? "    http-request set-header X-Forwarded-Proto https" : "    http-request del-header X-Forwarded-Proto");
        line(tls ? "    http-request set-header X-Forwarded-Port %%[dst_port]" : "    http-request del-header X-Forwarded-Port");
        line("    default_backend %s", balancer.backend());
        line("");
        line("backend %s", balancer.backend());
        line("    balance leastconn");
        line("    cookie %s insert indirect nocache httponly%s attr \"SameSite=Lax\"", balancer.backend().replaceAll("[^A-Za-z0-9]", "_") + "_node",
                tls ? " secure" : "");
        line("    option httpchk");
        line("    http-check send meth GET uri %s ver HTTP/1.1 hdr Host localhost", balancer.health());
        line("    http-check expect status 200");
        line("    # Whoever stuck to a dead server is sent to another. A request that was sent already is sent again only when it");
        line("    # changes nothing; one whose connection was refused was never received.");
        line("    option redispatch 1");
        line("    retries 3");
        line("    retry-on conn-failure empty-response");
        line("    http-request disable-l7-retry unless { method GET HEAD }");
        line("    default-server check inter 1s fall 2 rise 1 on-marked-down shutdown-sessions");
        for (int i = 0; i < balancer.servers().size(); i++) {
            URI server = balancer.servers().get(i);
            line("    server %1$s %2$s:%3$d cookie %1$s", balancer.nameOf(i), server.getHost(), server.getPort());
        }
    }
}
