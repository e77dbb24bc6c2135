package io.firedrill.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.nodes.Node;

/**
 * Reads {@code recovery-plan.yaml}. Files named in the plan are looked at, servers are not: whether a database answers
 * is for a later check, which finds line and column in {@link ReadPlan#positions}.
 */
public final class PlanReader {
    private PlanReader() {}

    /**
     * @throws PlanException with every mistake found, in the file's order
     */
    public static RecoveryPlan read(Path file) {
        return readWithPositions(file).plan();
    }

    /**
     * @throws PlanException with every mistake found, in the file's order
     */
    public static ReadPlan readWithPositions(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        byte[] bytes = bytes(absolute);
        Node root = new YamlText(absolute).parse(bytes);
        Mistakes mistakes = new Mistakes(absolute);
        Reading reading = new Reading(absolute.getParent(), mistakes, new Claims());
        Optional<RecoveryPlan> plan =
                RootReader.read(absolute, sha256(bytes), new Value("the plan", root, root, reading));
        mistakes.throwIfAny();
        // INVARIANT: whoever leaves a part of the plan out has reported a mistake.
        return new ReadPlan(plan.orElseThrow(), new Positions(absolute, root));
    }

    private static byte[] bytes(Path file) {
        if (!Files.isRegularFile(file)) {
            throw unreadable(file, "There is no plan file here.");
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw unreadable(file, "The plan file cannot be read: %s.".formatted(e.getMessage()));
        }
    }

    private static PlanException unreadable(Path file, String what) {
        String instead = "Name a file that Firedrill's user can read; docs/plan-file.md shows what goes into it.";
        return new PlanException(List.of(new Mistake(file, 1, 1, what, instead)));
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
