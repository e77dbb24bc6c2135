package io.firedrill.traffic;

import io.firedrill.failure.Failure;
import io.firedrill.plan.LoadBalancer.Control;
import io.firedrill.tool.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The file with NGINX's one {@code upstream} block. NGINX has no runtime API: its servers are marked {@code down} there, and
 * it is told to read it again, which ends the requests that run and serves new ones by the new text. The text from before is
 * set aside beside it, so that holding and releasing may be done again after a crash at any point.
 */
final class NginxUpstream {
    private static final Pattern SERVER = Pattern.compile("(?m)^(\\s*server\\s+[^;]*?)(\\s+down)?\\s*;");
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    private final Control.Nginx nginx;

    NginxUpstream(Control.Nginx nginx) {
        this.nginx = nginx;
    }

    private Path before() {
        return nginx.upstream().resolveSibling(nginx.upstream().getFileName() + ".before-recovery");
    }

    void hold() {
        try {
            if (!Files.exists(before())) {
                replace(before(), Files.readString(nginx.upstream()));
            }
            replace(nginx.upstream(), down(Files.readString(before())));
        } catch (IOException e) {
            throw unwritable(e);
        }
        reload();
    }

    /** Nothing was held: nothing is done. */
    void release() {
        if (!Files.exists(before())) {
            return;
        }
        try {
            replace(nginx.upstream(), Files.readString(before()));
            reload();
            Files.delete(before());
        } catch (IOException e) {
            throw unwritable(e);
        }
    }

    static String down(String upstream) {
        return SERVER.matcher(upstream).replaceAll("$1 down;");
    }

    private static void replace(Path file, String text) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private void reload() {
        List<String> words = nginx.reload();
        Command.Result<String> result = Command.of(words.getFirst(), words.subList(1, words.size()).toArray(String[]::new))
                .withDeadline(DEADLINE)
                .run();
        if (!result.succeeded()) {
            throw new Failure(
                            "nginx-reload",
                            "NGINX did not read %s again: %s".formatted(nginx.upstream(), result.stderr().strip()),
                            "It serves as before.",
                            "Run '%s' by hand to see what it wants; it is tried again.".formatted(String.join(" ", words)))
                    .passing();
        }
    }

    private RuntimeException unwritable(IOException e) {
        return new Failure(
                        "nginx-upstream",
                        "%s could not be read or written: %s.".formatted(nginx.upstream(), e),
                        "NGINX serves as before.",
                        "Give Firedrill's user the file and its folder; it is tried again.")
                .passing(e);
    }
}
