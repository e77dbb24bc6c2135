package io.firedrill.drill;

import io.firedrill.failure.Failure;
import io.firedrill.history.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * One folder per service below Firedrill's home holds all that a drill makes. It says whose it is, so that what a killed
 * drill left is found and removed by the next one, and a drill still under way is not.
 */
public final class ScratchPlaces {
    private static final String OWNER = "drill.txt";

    private final Path home;
    private final History history;

    public ScratchPlaces(Path home, History history) {
        this.home = home.toAbsolutePath().normalize();
        this.history = history;
    }

    ScratchPlace make(String service, String drill, String run) {
        Path folder = home.resolve(service);
        try {
            if (Files.exists(folder)) {
                refuseIfRunning(folder, drill, service);
                new ScratchPlace(folder).remove();
            }
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(OWNER), drill + "\n" + run + "\n");
            ScratchPlace place = new ScratchPlace(folder);
            place.make();
            return place;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    boolean remove(String service, String drill) {
        Path folder = home.resolve(service);
        try {
            if (!Files.exists(folder) || !owner(folder).getFirst().equals(drill)) {
                return false;
            }
            new ScratchPlace(folder).remove();
            return true;
        } catch (IOException e) {
            throw unusable(folder, e);
        }
    }

    private void refuseIfRunning(Path folder, String drill, String service) throws IOException {
        List<String> owner = owner(folder);
        boolean another = !owner.getFirst().equals(drill) && owner.size() > 1 && owner.get(1).matches("\\d{1,19}");
        if (another && history.run(Long.parseLong(owner.get(1))).map(run -> run.run().endedAt() == null).orElse(false)) {
            throw new Failure(
                            "drill-running",
                            "A drill of %s is going on already: run %s.".formatted(service, owner.get(1)),
                            "This one did nothing; the service is not touched by either.",
                            "Wait for its end, or look at it: firedrill run %s".formatted(owner.get(1)))
                    .lasting();
        }
    }

    /** The drill, then the run; a drill killed before it could write them is nobody's. */
    private static List<String> owner(Path folder) throws IOException {
        Path file = folder.resolve(OWNER);
        List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
        return lines.isEmpty() ? List.of("") : lines;
    }

    private static RuntimeException unusable(Path folder, IOException e) {
        return new Failure("scratch-unusable", "The drill's folder %s cannot be used: %s.".formatted(folder, e),
                        "The service is not touched.", "Let the user that runs Firedrill write there, then try again.")
                .lasting(e);
    }
}
