package io.firedrill.drill;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.history.History;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.Scratch;
import io.firedrill.tool.LocalPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scratch servers come and go whole, whatever became of the drill that made them. */
class ScratchPlacesIT {
    @TempDir
    private Path home;

    private ScratchPlaces places;

    @BeforeEach
    void withAHistoryThatKnowsNoRuns() {
        places = new ScratchPlaces(home, new History(ThrowawayPostgres.shared().dataSource("postgres")));
    }

    @AfterEach
    void remove() {
        places.remove("shop", "DRILL-1");
        places.remove("shop", "DRILL-2");
    }

    private LocalPostgres server() throws Exception {
        return new LocalPostgres(home.resolve("shop/postgres"), Integer.parseInt(Files.readString(home.resolve("shop/port"))));
    }

    @Test
    void theServerRunsUntilItIsTornDownWithEverythingInIt() throws Exception {
        Scratch scratch = places.make("shop", "DRILL-1", "1").scratch();
        assertThat(server().running()).isTrue();
        Path closed = Files.createDirectories(scratch.path("uploads").resolve("closed"));
        Files.writeString(closed.resolve("file"), "x");
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("r--------"));
        Files.createSymbolicLink(scratch.path("uploads").resolve("link"), Path.of("/etc"));

        assertThat(places.remove("shop", "DRILL-1")).isTrue();
        assertThat(home).isEmptyDirectory();
        assertThat(Path.of("/etc/passwd")).exists();
        assertThat(places.remove("shop", "DRILL-1")).as("a second time").isFalse();
    }

    @Test
    void whatAKilledDrillLeftIsStoppedAndRemovedByTheNext() throws Exception {
        places.make("shop", "DRILL-1", "1");
        LocalPostgres left = server();
        assertThat(left.running()).isTrue();

        places.make("shop", "DRILL-2", "2");
        assertThat(server().running()).isTrue();
        assertThat(server().port()).isNotEqualTo(left.port());
        assertThat(places.remove("shop", "DRILL-1")).as("the first drill's tear-down").isFalse();
        assertThat(server().running()).isTrue();
    }

    @Test
    void aDrillWhoseMakingWasCutOffIsMadeAnew() throws Exception {
        Files.createDirectories(home.resolve("shop/postgres/data"));
        Files.writeString(home.resolve("shop/postgres/data/PG_VERSION"), "15");
        Scratch scratch = places.make("shop", "DRILL-1", "1").scratch();
        assertThat(server().running()).isTrue();
        assertThat(scratch.host()).isEqualTo("127.0.0.1");
    }
}
