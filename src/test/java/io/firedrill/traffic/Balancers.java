package io.firedrill.traffic;

import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.LoadBalancer.Control;
import io.firedrill.tool.Command;
import io.firedrill.tool.Programs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;

/** Debian's own HAProxy and NGINX on loopback, each with the configuration that Firedrill writes. */
public final class Balancers implements AutoCloseable {
    private final Path folder;
    private final List<Process> running = new ArrayList<>();

    public Balancers(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    public Path socket() {
        return folder.resolve("admin.sock");
    }

    /** With HAProxy's runtime API, or NGINX's upstream file, in this folder. */
    public LoadBalancer haproxy(String backend, List<URI> servers, int port, String health) {
        return new LoadBalancer(Optional.of(new Control.Haproxy(socket())), backend, servers, "127.0.0.1:" + port, Optional.empty(), health, Optional.empty());
    }

    public LoadBalancer nginx(String backend, List<URI> servers, int port, String health) {
        List<String> reload = new ArrayList<>(nginx());
        reload.addAll(List.of("-s", "reload"));
        return new LoadBalancer(Optional.of(new Control.Nginx(folder.resolve("upstream.conf"), reload)), backend, servers,
                "127.0.0.1:" + port, Optional.empty(), health, Optional.empty());
    }

    public void startHaproxy(LoadBalancer balancer) throws IOException {
        Path file = Files.writeString(folder.resolve("haproxy.cfg"), HaproxyConfig.of(List.of(balancer)));
        check(Command.of(Programs.find("haproxy"), "-c", "-f", file.toString()));
        start(List.of(Programs.find("haproxy"), "-db", "-f", file.toString()), "haproxy.log");
        awaitListening(balancer);
    }

    private List<String> nginx() {
        return List.of(Programs.find("nginx"), "-p", folder.toString(), "-e", folder.resolve("error.log").toString(), "-c", folder.resolve("nginx.conf").toString());
    }

    /** @param cookie the servers' session cookie */
    public void startNginx(LoadBalancer balancer, String cookie) throws IOException {
        Files.writeString(folder.resolve("upstream.conf"), NginxConfig.upstream(balancer, Set.of()));
        Files.writeString(folder.resolve("server.conf"), NginxConfig.server(balancer, cookie));
        Files.writeString(folder.resolve("nginx.conf"), around("include upstream.conf; include server.conf;"));
        List<String> test = new ArrayList<>(nginx());
        test.add("-t");
        check(new Command(test, java.util.Map.of(), null, Duration.ofSeconds(20)));
        List<String> run = new ArrayList<>(nginx());
        run.addAll(List.of("-g", "daemon off;"));
        start(run, "nginx.log");
        awaitListening(balancer);
    }

    /** What Debian's own nginx.conf has around conf.d, as far as it matters. */
    public static String around(String http) {
        return """
                pid nginx.pid;
                worker_processes 1;
                worker_shutdown_timeout 10s;
                events {}
                http {
                    log_format to '$upstream_addr $status $request';
                    access_log access.log to;
                    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
                    %s
                }
                """.formatted(http);
    }

    private Set<Long> workers() {
        return running.stream().flatMap(Process::children).map(ProcessHandle::pid).collect(Collectors.toSet());
    }

    /**
     * Does what makes NGINX read its files again and waits until it has: {@code nginx -s reload} only sends a signal, and until
     * the new workers have started and the old ones have stopped listening, either may take a request.
     */
    public <T> T reloading(Supplier<T> change) {
        Set<Long> old = workers();
        T made = change.get();
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            Set<Long> now = workers();
            return !now.isEmpty() && Collections.disjoint(now, old);
        });
        return made;
    }

    private static void check(Command command) {
        Command.Result<String> result = command.run();
        if (!result.succeeded()) {
            throw new AssertionError(command.arguments() + ": " + result.value() + result.stderr());
        }
    }

    private void start(List<String> command, String log) throws IOException {
        running.add(new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(folder.resolve(log).toFile()).start());
    }

    private static void awaitListening(LoadBalancer balancer) {
        int port = Integer.parseInt(balancer.listen().split(":")[1]);
        Awaitility.await().until(() -> {
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
                return true;
            } catch (IOException e) {
                return false;
            }
        });
    }

    @Override
    public void close() {
        running.forEach(process -> {
            process.destroy();
            try {
                if (!process.waitFor(10, TimeUnit.SECONDS)) {
                    process.descendants().forEach(ProcessHandle::destroyForcibly);
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new UncheckedIOException(new IOException(e));
            }
        });
    }
}
