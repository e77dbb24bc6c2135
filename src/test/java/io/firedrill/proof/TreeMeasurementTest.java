package io.firedrill.proof;

import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.tool.Progress;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeMeasurementTest {
    @TempDir
    private Path folder;

    private Path root;

    @BeforeEach
    void tree() throws Exception {
        root = Files.createDirectories(folder.resolve("the root"));
        Files.writeString(root.resolve("100% größe\n\"x\""), "hello");
        Files.createDirectories(root.resolve("d/e"));
        Files.createSymbolicLink(root.resolve("absolute"), Path.of("/d e"));
        Files.createSymbolicLink(root.resolve("relative"), Path.of("d e"));
    }

    @Test
    void listingReadsBackAsWhatIsThere() throws Exception {
        Path listing = folder.resolve("listing");
        FileTreeContents contents = Measure.files(root, listing, Progress.NONE);
        assertThat(contents.files()).isEqualTo(1);
        assertThat(contents.others()).isEqualTo(5);
        assertThat(contents.bytes()).isEqualTo(5);
        try (InputStream in = Files.newInputStream(listing)) {
            List<TreeListing.Entry> entries = TreeListing.read(in);
            assertThat(entries).isEqualTo(Measure.entries(root, Progress.NONE));
            assertThat(entries).extracting(TreeListing.Entry::readablePath)
                    .containsExactlyInAnyOrder(".", "100% größe\n\"x\"", "absolute", "d", "d/e", "relative");
            assertThat(entries).filteredOn(entry -> entry.type() == 'l').extracting(TreeListing.Entry::content)
                    .containsExactly("/d%20e", "d%20e");
            assertThat(entries).filteredOn(entry -> entry.type() == 'f').singleElement()
                    .satisfies(entry -> assertThat(entry.in(root)).hasContent("hello"));
        }
    }

    @Test
    void timesDoNotCountContentDoes() throws Exception {
        String digest = Measure.files(root, null, Progress.NONE).digest();
        Path file = root.resolve("100% größe\n\"x\"");
        Files.setLastModifiedTime(file, FileTime.fromMillis(0));
        assertThat(Measure.files(root, null, Progress.NONE).digest()).isEqualTo(digest);
        Files.writeString(file, "hellO");
        assertThat(Measure.files(root, null, Progress.NONE).digest()).isNotEqualTo(digest);
    }

    @Test
    void folderThatIsNotThereIsNamed() {
        assertFails("unreadable-file", () -> Measure.files(folder.resolve("nothing"), null, Progress.NONE));
    }
}
