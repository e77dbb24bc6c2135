package io.firedrill.cli;

import io.firedrill.console.Server;
import io.firedrill.failure.Failure;
import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.ReplicationPlan;
import io.firedrill.plan.Service;
import io.firedrill.client.Homes;
import io.firedrill.terminal.Terminal;
import io.firedrill.traffic.HaproxyConfig;
import io.firedrill.traffic.NginxConfig;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Load balancers by the plan; needs no server. */
@Command(
        name = "proxy",
        mixinStandardHelpOptions = true,
        description = "Write configurations of load balancers.",
        subcommands = ProxyCommand.ConfigCommand.class)
final class ProxyCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to write: config.");
    }

    enum Kind {
        HAPROXY,
        NGINX,
        NGINX_UPSTREAM;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** What is printed is the whole file. */
    @Command(name = "config", mixinStandardHelpOptions = true, description = "Print a load balancer's configuration for services of the plan, or for Firedrill's own servers.")
    static final class ConfigCommand implements Callable<Integer> {
        private static final String CONSOLE = "console";

        @Parameters(paramLabel = "NAME", arity = "1..*", description = "A service that has loadBalancer in the plan, or replication by Patroni (for haproxy), or: console.")
        private List<String> names = List.of();

        @Option(names = "--for", paramLabel = "KIND", required = true, description = "${COMPLETION-CANDIDATES}; the last is the file that is written anew to take servers out.")
        private Kind kind = Kind.HAPROXY;

        @Option(names = "--plan", paramLabel = "FILE", description = "The recovery plan (default: ${DEFAULT-VALUE}).")
        private Path file = Path.of("recovery-plan.yaml");

        @Option(names = "--without", paramLabel = "SERVER", description = "Mark this server down, e.g. firedrill-1; may be given again; for nginx-upstream.")
        private List<String> without = List.of();

        @Override
        public Integer call() {
            RecoveryPlan plan = PlanReader.read(file);
            Map<String, ReplicationPlan.Patroni> clusters = kind == Kind.HAPROXY ? clusters(plan) : Map.of();
            List<LoadBalancer> balancers = names.stream()
                    .distinct()
                    .filter(name -> !clusters.containsKey(name) || plan.service(name).traffic().loadBalancer().isPresent())
                    .map(name -> balancer(plan, name))
                    .toList();
            requireKnown(balancers);
            Terminal.onStandardOutput().line(text(plan, balancers, clusters).stripTrailing());
            return Exit.DONE;
        }

        /** Of the services named; NGINX cannot ask Patroni who is the primary. */
        private Map<String, ReplicationPlan.Patroni> clusters(RecoveryPlan plan) {
            Map<String, ReplicationPlan.Patroni> clusters = new LinkedHashMap<>();
            names.stream().filter(name -> !name.equals(CONSOLE)).forEach(name -> plan.service(name).replication()
                    .filter(ReplicationPlan.Patroni.class::isInstance)
                    .ifPresent(cluster -> clusters.put(name, (ReplicationPlan.Patroni) cluster)));
            return clusters;
        }

        private String text(RecoveryPlan plan, List<LoadBalancer> balancers, Map<String, ReplicationPlan.Patroni> clusters) {
            String cookie = Server.sessionCookie(plan, Homes.fromLauncher());
            return switch (kind) {
                case HAPROXY -> HaproxyConfig.of(balancers, clusters);
                case NGINX -> balancers.stream()
                        .map(balancer -> NginxConfig.server(balancer, balancer.cookie().orElse(cookie)))
                        .collect(Collectors.joining("\n"));
                case NGINX_UPSTREAM -> balancers.stream()
                        .map(balancer -> NginxConfig.upstream(balancer, Set.copyOf(without)))
                        .collect(Collectors.joining("\n"));
            };
        }

        private static LoadBalancer balancer(RecoveryPlan plan, String name) {
            if (name.equals(CONSOLE)) {
                return plan.console().balancer().orElseThrow(() -> nothing("The plan has no 'console'.",
                        "Add console: {servers: [\"http://10.0.0.11:8700\", \"http://10.0.0.12:8700\"], listen: \"*:8443\"}"));
            }
            Service service = plan.service(name);
            return service.traffic().loadBalancer()
                    .filter(balancer -> !balancer.servers().isEmpty())
                    .orElseThrow(() -> nothing("Service '%s' has no loadBalancer with servers.".formatted(name),
                            "Add loadBalancer: {backend: %s, servers: [\"http://10.0.0.21:8080\"], listen: \"*:443\"}".formatted(name)));
        }

        private static RuntimeException nothing(String what, String next) {
            return new Failure("no-load-balancer", what, "Nothing was written.", next).lasting();
        }

        private void requireKnown(List<LoadBalancer> balancers) {
            Set<String> known = balancers.stream()
                    .flatMap(balancer -> Stream.iterate(0, i -> i + 1).limit(balancer.servers().size()).map(balancer::nameOf))
                    .collect(Collectors.toCollection(HashSet::new));
            without.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
                throw new Failure("unknown-server", "There is no server '%s'.".formatted(name), "Nothing was written.",
                                "Use one of: " + known.stream().sorted().collect(Collectors.joining(", ")) + ".")
                        .lasting();
            });
        }
    }
}
