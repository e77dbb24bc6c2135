package io.firedrill.cli;

import io.firedrill.engine.Listening;
import io.firedrill.failure.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the server listens. */
final class ListeningOptions {
    static final int DEFAULT_PORT = 8700;
    private static final String IP = "[0-9]{1,3}(\\.[0-9]{1,3}){3}";

    @Option(names = "--port", paramLabel = "PORT", description = "Its port (default: 8700, or another when that is taken).")
    private @Nullable Integer port;

    @Option(names = "--address", paramLabel = "IP", description = "Address of this host to listen on (default: 127.0.0.1).")
    private String address = Listening.HERE;

    @Option(names = "--proxy", paramLabel = "IP", description = "A load balancer in front, or its network (/8, /16, /24), which says who really asks; may be given again.")
    private List<String> proxies = List.of();

    /** Null when none was asked for. */
    @Nullable Integer port() {
        return port;
    }

    Listening listening() {
        require("--address", address, IP);
        proxies.forEach(proxy -> require("--proxy", proxy, IP + "(/(8|16|24))?"));
        return new Listening(address, port == null ? DEFAULT_PORT : port, proxies);
    }

    private static void require(String option, String given, String pattern) {
        if (!given.matches(pattern)) {
            throw new Failure(
                            "bad-address",
                            "%s %s is not an IPv4 address.".formatted(option, given),
                            "Nothing was started.",
                            "Write it as in %s 10.0.0.11".formatted(option))
                    .lasting();
        }
    }
}
