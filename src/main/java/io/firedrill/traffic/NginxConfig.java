package io.firedrill.traffic;

import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.LoadBalancer.Control;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * NGINX's side of the same: an {@code upstream} file that is written anew to take servers out, and a {@code server} file that
 * includes it, both for the {@code http} context (Debian: {@code conf.d}). Sticky by a hash of the session cookie, as this
 * NGINX has no cookie of its own.
 */
public final class NginxConfig {
    private final LoadBalancer balancer;
    private final StringBuilder text = new StringBuilder();

    private NginxConfig(LoadBalancer balancer) {
        this.balancer = balancer;
    }

    private void line(String format, Object... values) {
        text.append(format.formatted(values)).append('\n');
    }

    /** @param without names of servers to leave out for now */
    public static String upstream(LoadBalancer balancer, Set<String> without) {
        NginxConfig config = new NginxConfig(balancer);
        config.upstream(without);
        return config.text.toString();
    }

    /** The rest; {@code cookie} is what the servers' session cookie is called. */
    public static String server(LoadBalancer balancer, String cookie) {
        NginxConfig config = new NginxConfig(balancer);
        config.server(cookie);
        return config.text.toString();
    }

    private String variable() {
        return "$" + balancer.backend().replaceAll("[^A-Za-z0-9]", "_") + "_person";
    }

    private void upstream(Set<String> without) {
        line("# Written by firedrill proxy config from the recovery plan. To take a server out: mark it down here, then nginx -s reload.");
        line("upstream %s {", balancer.backend());
        line("    hash %s consistent;", variable());
        for (int i = 0; i < balancer.servers().size(); i++) {
            URI server = balancer.servers().get(i);
            line("    # %s", balancer.nameOf(i));
            line("    server %s:%d max_fails=1 fail_timeout=2s%s;", server.getHost(), server.getPort(),
                    without.contains(balancer.nameOf(i)) ? " down" : "");
        }
        line("    keepalive 16;");
        line("}");
    }

    private void server(String cookie) {
        boolean tls = balancer.certificate().isPresent();
        line("# Written by firedrill proxy config from the recovery plan. Check it with: nginx -t");
        line("map $cookie_%s %s {", cookie, variable());
        line("    \"\" $remote_addr;");
        line("    default $cookie_%s;", cookie);
        line("}");
        line("");
        line("server {");
        line("    listen %s%s;", balancer.listen(), tls ? " ssl http2" : "");
        balancer.certificate().ifPresent(file -> {
            line("    ssl_certificate %s;", file);
            line("    ssl_certificate_key %s;", file);
            line("    ssl_protocols TLSv1.2 TLSv1.3;");
        });
        line("    location / {");
        line("        proxy_pass http://%s;", balancer.backend());
        line("        proxy_http_version 1.1;");
        line("        proxy_set_header Connection \"\";");
        line("        proxy_set_header Host $http_host;");
        line("        proxy_set_header X-Forwarded-For $remote_addr;");
        line("        proxy_set_header X-Forwarded-Proto %s;", tls ? "https" : "\"\"");
        line("        proxy_set_header X-Forwarded-Port %s;", tls ? "$server_port" : "\"\"");
        line("        # A request that was sent already goes to another server only when it changes nothing.");
        line("        proxy_next_upstream error timeout;");
        line("        proxy_next_upstream_tries 3;");
        line("        proxy_connect_timeout 2s;");
        line("        proxy_read_timeout 1m;");
        line("        # Event streams must arrive as they are written.");
        line("        proxy_buffering off;");
        line("    }");
        line("}");
    }

    /** Where the upstream block lies when the plan does not say. */
    public static String upstreamFile(LoadBalancer balancer) {
        return balancer.control()
                .filter(Control.Nginx.class::isInstance)
                .map(control -> ((Control.Nginx) control).upstream().toString())
                .orElse("/etc/nginx/conf.d/%s-upstream.conf".formatted(balancer.backend()));
    }

    /** Both for one file, for those who take servers out by hand. */
    public static String of(List<LoadBalancer> balancers, String cookie) {
        StringBuilder all = new StringBuilder();
        for (LoadBalancer balancer : balancers) {
            all.append(upstream(balancer, Set.of())).append('\n');
            all.append(server(balancer, balancer.cookie().orElse(cookie))).append('\n');
        }
        return all.toString();
    }
}
