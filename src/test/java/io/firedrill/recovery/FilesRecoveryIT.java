package io.firedrill.recovery;

import static io.firedrill.recovery.Scene.INCIDENT;
import static io.firedrill.recovery.Scene.SERVICE;
import static io.firedrill.recovery.Scene.assertFails;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.proof.Proof;
import io.firedrill.proof.ThrowawayPostgres;
import io.firedrill.recovery.RestorePlan.FilesTarget;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesRecoveryIT {
    private Scene scene;
    private Path uploads;

    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws Exception {
        scene = new Scene(ThrowawayPostgres.shared(), folder, "files only");
        uploads = scene.uploads;
        Files.createDirectories(uploads.resolve("a b/c\"d"));
        Files.writeString(uploads.resolve("a b/c\"d/ünï ☃\nline"), "content");
        Files.writeString(uploads.resolve("script.sh"), "#!/bin/sh\n");
        Files.setPosixFilePermissions(uploads.resolve("script.sh"), PosixFilePermissions.fromString("rwxr-x---"));
        Files.createSymbolicLink(uploads.resolve("link"), Path.of("a b/c\"d"));
        Files.createSymbolicLink(uploads.resolve("dangling"), Path.of("/nowhere at all"));
        Files.createDirectory(uploads.resolve("empty"));
        for (int i = 0; i < 200; i++) {
            Files.writeString(uploads.resolve("file" + i), "number " + i);
        }
    }

    @AfterEach
    void end() {
        scene.close();
    }

    private RestorePlan restored() {
        RestorePlan what = scene.selectFiles();
        scene.restore(what);
        return what;
    }

    private Proof prove(RestorePlan what) {
        return scene.recovery.proveFiles(SERVICE, what.fileSets().get(0), Progress.NONE);
    }

    @Test
    void lostFilesComeBackProvenAndTheUndoTakesThemAway() throws Exception {
        scene.sync();
        for (int i = 0; i < 100; i++) {
            Files.delete(uploads.resolve("file" + i));
        }
        Files.writeString(uploads.resolve("new one"), "written since");
        RestorePlan what = restored();
        FilesTarget target = what.fileSets().get(0);
        Proof proof = prove(what);
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.proven()).isTrue();
        assertThat(proof.files()).isEqualTo(202);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("file7")).hasContent("number 7");
        assertThat(uploads.resolve("a b/c\"d/ünï ☃\nline")).hasContent("content");
        assertThat(Path.of(target.setAside()).resolve("new one")).hasContent("written since");
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("file7")).doesNotExist();
        assertThat(uploads.resolve("new one")).exists();
        assertThat(Names.undonePath(uploads, INCIDENT).resolve("file7")).exists();
    }

    @Test
    void onlyAFolderOrAFileInsideComesBackAndTheRestStaysAsItIs() throws Exception {
        var id = scene.sync();
        scene.backups.copyOffsite(id, "offsite", Progress.NONE);
        Files.delete(uploads.resolve("a b/c\"d/ünï ☃\nline"));
        Files.writeString(uploads.resolve("file7"), "overwritten");
        Files.writeString(uploads.resolve("file8"), "newer and good");
        RestorePlan what = parts("uploads:a b/c\"d", "uploads:file7");
        assertThat(what.fileSets()).extracting(FilesTarget::files).containsExactly(1L, 1L);
        for (FilesTarget target : what.fileSets()) {
            for (String store : List.of("offsite", "local")) {
                FilesTarget from = new FilesTarget(target.fileSet(), target.path(), target.backup(), store, target.snapshotAt(), target.files(),
                        target.bytes(), target.beside(), target.setAside(), target.inside());
                scene.recovery.restoreFiles(SERVICE, from, Progress.NONE);
                Proof proof = scene.recovery.proveFiles(SERVICE, from, Progress.NONE);
                assertThat(proof.differences()).isEmpty();
                assertThat(proof.files()).isEqualTo(1);
            }
        }
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("a b/c\"d/ünï ☃\nline")).hasContent("content");
        assertThat(uploads.resolve("file7")).hasContent("number 7");
        assertThat(uploads.resolve("file8")).hasContent("newer and good");
        assertThat(Path.of(what.fileSets().get(1).setAside())).hasContent("overwritten");
        assertThat(Path.of(what.fileSets().get(0).beside())).doesNotExist();
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("file7")).hasContent("overwritten");
        assertThat(uploads.resolve("a b/c\"d/ünï ☃\nline")).doesNotExist();
        assertThat(uploads.resolve("file8")).hasContent("newer and good");
    }

    @Test
    void aPathThatTheBackupHasNotOrThatLeadsOutIsRefused() throws Exception {
        scene.sync();
        assertThat(assertFails("unknown-path", () -> parts("uploads:file7777")).failure().next()).contains("file1");
        assertFails("bad-path", () -> parts("uploads:../backup.key"));
        assertFails("bad-path", () -> parts("uploads:/etc/passwd"));
        Files.move(uploads.resolve("a b"), uploads.resolve("moved away"));
        assertThat(assertFails("parent-missing", () -> parts("uploads:a b/c\"d")).failure().next()).contains("--only uploads:a b");
        assertThat(scene.recovery.scope(SERVICE, "restore-all", List.of("files"), scene.diagnose()).fileSets()).containsExactly("uploads");
    }

    private RestorePlan parts(String... only) {
        var evidence = scene.diagnose();
        Scope scope = scene.recovery.scope(SERVICE, "restore-files", List.of(only), evidence);
        return scene.recovery.select(SelectRequest.of(scope, SERVICE, INCIDENT, "latest", null, List.of(), evidence));
    }

    @Test
    void offsiteCopyIsProvenTheSame() throws Exception {
        var id = scene.sync();
        scene.backups.copyOffsite(id, "offsite", Progress.NONE);
        RestorePlan chosen = scene.selectFiles();
        FilesTarget local = chosen.fileSets().get(0);
        FilesTarget offsite = new FilesTarget(local.fileSet(), local.path(), local.backup(), "offsite", local.snapshotAt(),
                local.files(), local.bytes(), local.beside(), local.setAside());
        scene.recovery.restoreFiles(SERVICE, offsite, Progress.NONE);
        assertThat(scene.recovery.proveFiles(SERVICE, offsite, Progress.NONE).differences()).isEmpty();
    }

    @Test
    void folderThatIsGoneAltogetherComesBackAndGoesAgain() throws Exception {
        scene.sync();
        Path moved = Files.move(uploads, uploads.resolveSibling("moved away"));
        RestorePlan what = restored();
        assertThat(prove(what).proven()).isTrue();
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("script.sh")).exists();
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        assertThat(uploads).doesNotExist();
        assertThat(moved).exists();
    }

    @Test
    void crashBetweenTheTwoRenamesIsMended() throws Exception {
        scene.sync();
        Files.writeString(uploads.resolve("damaged"), "x");
        RestorePlan what = restored();
        FilesTarget target = what.fileSets().get(0);
        Files.move(uploads, Path.of(target.setAside()));
        scene.recovery.cutOver(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("damaged")).doesNotExist();
        assertThat(uploads.resolve("file1")).exists();
        Files.move(uploads, Names.undonePath(uploads, INCIDENT));
        scene.recovery.swapBack(SERVICE, INCIDENT, what);
        assertThat(uploads.resolve("damaged")).exists();
    }

    @Test
    void unfinishedCopyIsNeverCutOverTo() throws Exception {
        scene.sync();
        RestorePlan what = scene.selectFiles();
        Path beside = Path.of(what.fileSets().get(0).beside());
        Files.createDirectory(Names.partial(beside));
        Files.writeString(Names.partial(beside).resolve("file1"), "half of i");
        assertFails("nothing-beside", () -> scene.recovery.cutOver(SERVICE, INCIDENT, what));
        scene.restore(what);
        assertThat(prove(what).differences()).isEmpty();
    }

    @Test
    void everyDifferenceIsFound() throws Exception {
        scene.sync();
        RestorePlan what = restored();
        Path beside = Path.of(what.fileSets().get(0).beside());
        Files.writeString(beside.resolve("file1"), "number X");
        Files.writeString(beside.resolve("file2"), "longer than before");
        Files.delete(beside.resolve("file3"));
        Files.writeString(beside.resolve("more"), "");
        Files.delete(beside.resolve("link"));
        Files.createSymbolicLink(beside.resolve("link"), Path.of("elsewhere"));
        Files.setPosixFilePermissions(beside.resolve("script.sh"), PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.delete(beside.resolve("empty"));
        assertThat(prove(what).differences()).containsExactlyInAnyOrder(
                "file1: has other content", "file2: 8 bytes expected, 18 found", "file3: missing", "more: unexpected",
                "link: points elsewhere", "script.sh: mode 0750 expected, 0777 found", "empty: missing");
    }

    @Test
    void discardRemovesTheRestoredCopyOnly() throws Exception {
        scene.sync();
        RestorePlan what = restored();
        scene.recovery.discard(SERVICE, INCIDENT, what);
        scene.recovery.discard(SERVICE, INCIDENT, what);
        assertThat(Path.of(what.fileSets().get(0).beside())).doesNotExist();
        assertThat(uploads.resolve("file1")).exists();
        assertThat(scene.local()).exists();
    }

    @Test
    void symbolicLinkInPlaceOfTheFolderIsRefused() throws Exception {
        scene.sync();
        Path real = Files.move(uploads, uploads.resolveSibling("real"));
        Files.createSymbolicLink(uploads, real);
        assertFails("path-is-link", () -> scene.selectFiles());
    }
}
