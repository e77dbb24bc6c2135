package io.firedrill.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Where a server listens, and whom it believes.
 *
 * @param address of this host; {@code 0.0.0.0} for all of them
 * @param port taken when free, another one otherwise
 * @param proxies addresses of the load balancers in front, or networks of whole octets ({@code 10.244.0.0/16}), which say who really asks ({@code X-Forwarded-For},
 *     {@code X-Forwarded-Proto}); from anybody else these headers mean nothing
 */
public record Listening(String address, int port, List<String> proxies) {
    public static final String HERE = "127.0.0.1";

    public Listening {
        proxies = List.copyOf(proxies);
    }

    /** For this host alone. */
    public static Listening here(int port) {
        return new Listening(HERE, port, List.of());
    }

    /** Where this host itself reaches it. */
    public String reachable() {
        return address.equals("0.0.0.0") ? HERE : address;
    }

    /** The same as options of {@code serve}. */
    public List<String> options() {
        List<String> options = new ArrayList<>(List.of("--address", address, "--port", String.valueOf(port)));
        proxies.forEach(proxy -> options.addAll(List.of("--proxy", proxy)));
        return options;
    }

    /** A regular expression that fits the proxies and nothing else. */
    public String proxyPattern() {
        return proxies.stream().map(Listening::pattern).collect(Collectors.joining("|"));
    }

    private static String pattern(String proxy) {
        String[] network = proxy.split("/");
        String[] octets = network[0].split("\\.");
        int fixed = network.length == 1 ? octets.length : Integer.parseInt(network[1]) / 8;
        return IntStream.range(0, octets.length)
                .mapToObj(place -> place < fixed ? octets[place] : "\\d{1,3}")
                .collect(Collectors.joining("\\."));
    }
}
