package io.firedrill.replication;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.ReplicationPlan.Node;
import io.firedrill.tool.Command;
import io.firedrill.tool.Programs;
import io.firedrill.tool.RunAs;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The host that a node's server runs on: everything is done there by programs, so that it is the same behind {@code ssh} as
 * here. Nothing secret is ever an argument.
 */
final class NodeHost {
    private static final Duration QUICK = Duration.ofSeconds(20);

    private final Node node;

    NodeHost(Node node) {
        this.node = node;
    }

    /** Exit code and output; a host that cannot be reached looks like a program that fails. */
    Command.Result<String> run(Duration deadline, String program, String... arguments) {
        return run(deadline, Map.of(), "", program, arguments);
    }

    private Command.Result<String> run(
            Duration deadline, Map<String, String> environment, String input, String program, String... arguments) {
        byte[] bytes = input.getBytes(StandardCharsets.UTF_8);
        return command(program, arguments).withEnvironment(environment).withDeadline(deadline).run(
                stdin -> stdin.write(bytes), stdout -> new String(stdout.readAllBytes(), StandardCharsets.UTF_8));
    }

    /** Lasting {@code node-command} when it fails. */
    String must(Duration deadline, String program, String... arguments) {
        return value(run(deadline, program, arguments), program);
    }

    private String value(Command.Result<String> result, String program) {
        if (!result.succeeded()) {
            throw failed(program, result);
        }
        return result.value();
    }

    FailureException failed(String program, Command.Result<String> result) {
        String said = (result.stderr() + result.value()).strip();
        return new Failure(
                        "node-command",
                        "%s on %s failed (exit %d): %s".formatted(program, node.name(), result.exit(), said),
                        "The step on this node was not finished; the other nodes are as they were.",
                        "Mend what it says on the host of %s, then try again.".formatted(node.name()))
                .lasting();
    }

    /** Whether the host answers at all, so that its silence about a file means something. */
    boolean reachable() {
        try {
            return run(QUICK, "true").succeeded();
        } catch (FailureException e) {
            return false;
        }
    }

    boolean exists(Path path) {
        return run(QUICK, "test", "-e", path.toString()).succeeded();
    }

    void touch(Path path) {
        must(QUICK, "touch", path.toString());
    }

    void remove(Path file) {
        must(QUICK, "rm", "-f", file.toString());
    }

    /** Fails when there is something of the new name already. */
    void rename(Path from, Path to) {
        must(QUICK, "mv", "-n", "-T", from.toString(), to.toString());
        if (exists(from)) {
            throw new Failure(
                            "set-aside-exists",
                            "%s on %s is already there.".formatted(to, node.name()),
                            "%s was left where it is.".formatted(from),
                            "Move it elsewhere, then try again.")
                    .lasting();
        }
    }

    void copy(Path from, Path to) {
        must(Duration.ofMinutes(10), "cp", "-p", from.toString(), to.toString());
    }

    void makeFolder(Path folder) {
        must(QUICK, "mkdir", "-p", "-m", "700", folder.toString());
    }

    /** Names in a folder; none when there is no such folder. */
    List<String> list(Path folder) {
        Command.Result<String> names = run(QUICK, "ls", "-1", folder.toString());
        return names.succeeded() ? names.value().lines().toList() : List.of();
    }

    /** For the server's user alone; what is in it comes by standard input. */
    void writeSecret(Path file, String content) {
        must(QUICK, "install", "-m", "600", "/dev/null", file.toString());
        value(run(QUICK, Map.of(), content, "tee", file.toString()), "tee");
    }

    void append(Path file, String content) {
        value(run(QUICK, Map.of(), content, "tee", "-a", file.toString()), "tee");
    }

    private Command command(String program, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addFirst(program(program));
        if (!node.via().isEmpty() && Path.of(node.via().getFirst()).endsWith("ssh")) {
            // ssh hands one text to a shell on the other side.
            words.replaceAll(NodeHost::quoted);
        }
        Command command = Command.of(words.getFirst(), words.subList(1, words.size()).toArray(String[]::new))
                .withDirectory(Path.of("/"));
        return node.via().isEmpty() ? RunAs.user(own(), command) : command.behind(node.via());
    }

    private String own() {
        return "root".equals(System.getProperty("user.name")) ? node.user() : "";
    }

    private String program(String program) {
        boolean postgres = program.startsWith("pg_");
        return !postgres ? program : node.bin().map(bin -> bin.resolve(program).toString()).orElseGet(() -> Programs.find(program));
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
