package io.firedrill.traffic;

import io.firedrill.failure.Failure;
import io.firedrill.tool.Words;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * HAProxy's runtime API: one command per connection.
 *
 * <p>A server that Firedrill has taken out has weight 0 and is in maintenance: the weight is set first and tells it from one
 * that an operator keeps in maintenance. So both {@link #hold} and {@link #release} may be called again, from any host, after
 * a crash at any point; a HAProxy that was restarted has forgotten, and serves.
 */
final class HaproxyRuntime {
    private static final int FORCED_MAINTENANCE = 0x01;
    private static final int CONFIGURED_MAINTENANCE = 0x04;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long POLL_MILLIS = 100;

    private final Path socket;
    private final String backend;

    HaproxyRuntime(Path socket, String backend) {
        this.socket = socket;
        this.backend = backend;
    }

    /** One server, as {@code show servers state} has it. */
    record Member(String name, int adminState, int weight, int usualWeight) {
        boolean out() {
            return (adminState & FORCED_MAINTENANCE) != 0;
        }

        boolean takenOutByUs() {
            return weight == 0 && usualWeight > 0;
        }

        boolean keptOutByOperator() {
            return (adminState & CONFIGURED_MAINTENANCE) != 0 || out() && !takenOutByUs();
        }
    }

    /** Sends nobody new to any server, lets requests end for a while, then sends nobody at all; returns how many servers. */
    int hold() {
        List<Member> members = members().stream().filter(member -> !member.keptOutByOperator()).toList();
        members.forEach(member -> {
            tell("set server %s weight 0".formatted(full(member)));
            if (!member.out()) {
                tell("set server %s state drain".formatted(full(member)));
            }
        });
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (connections() > 0 && System.nanoTime() < end) {
            sleep();
        }
        members.forEach(member -> {
            tell("set server %s state maint".formatted(full(member)));
            tell("shutdown sessions server " + full(member));
        });
        return members.size();
    }

    /** Lets people reach every server again that {@link #hold} took out; returns how many. */
    int release() {
        List<Member> ours = members().stream().filter(Member::takenOutByUs).toList();
        ours.forEach(member -> {
            tell("set server %s state ready".formatted(full(member)));
            tell("set server %s weight 100%%".formatted(full(member)));
        });
        return ours.size();
    }

    private String full(Member member) {
        return backend + "/" + member.name();
    }

    List<Member> members() {
        return ask("show servers state " + backend).lines()
                .filter(line -> !line.startsWith("#") && line.contains(" "))
                .map(line -> line.split(" "))
                .map(column -> new Member(column[3], Integer.parseInt(column[6]), Integer.parseInt(column[7]), Integer.parseInt(column[8])))
                .toList();
    }

    private int connections() {
        // Of all backends: asked by name, HAProxy answers for a frontend of that name.
        return ask("show stat -1 4 -1").lines()
                .filter(line -> line.startsWith(backend + ","))
                .mapToInt(line -> Integer.parseInt(line.split(",", 6)[4]))
                .sum();
    }

    /** A command that answers with nothing but its error. */
    void tell(String command) {
        String answer = ask(command).strip();
        if (!answer.isEmpty()) {
            throw refused(command, answer);
        }
    }

    private String ask(String command) {
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.UTF_8)));
            String answer = new String(Channels.newInputStream(channel).readAllBytes(), StandardCharsets.UTF_8);
            if (answer.contains("Can't find backend") || answer.contains("Permission denied") || answer.startsWith("Unknown command")) {
                throw refused(command, answer.strip());
            }
            return answer;
        } catch (IOException e) {
            throw new Failure(
                            "haproxy-unreachable",
                            "HAProxy does not answer at %s: %s.".formatted(socket, e.getMessage()),
                            "Its servers are as they were.",
                            "Check that it runs here, has 'stats socket %s level admin', and that Firedrill's user may open it; it is tried again."
                                    .formatted(socket))
                    .passing(e);
        }
    }

    private RuntimeException refused(String command, String answer) {
        return new Failure(
                        "haproxy-refused",
                        "HAProxy at %s refused '%s': %s".formatted(socket, command, answer),
                        "Its servers may be out or in; nothing else was changed.",
                        "Check the backend's name in the plan, and that the socket has 'level admin'; then try the step again.")
                .lasting();
    }

    private static void sleep() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("cancelled", "Draining was cancelled after less than %s.".formatted(Words.of(PATIENCE)),
                            "The servers may be out.", "Start the step again.")
                    .passing(e);
        }
    }
}
