package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.tool.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher script in a checkout of its own, with JDKs that only say who they are and a Maven that only notes that it
 * was called.
 */
class LauncherIT {
    @TempDir
    private Path folder;

    private Path checkout;
    private Path jdks;
    private Path tools;

    @BeforeEach
    void makeCheckout() throws IOException {
        checkout = Files.createDirectories(folder.resolve("a checkout"));
        jdks = Files.createDirectories(folder.resolve("jdks"));
        tools = Files.createDirectories(folder.resolve("tools"));
        Files.copy(Path.of("firedrill"), checkout.resolve("firedrill"), StandardCopyOption.COPY_ATTRIBUTES);
        Files.createDirectories(checkout.resolve("src/main"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        program(tools.resolve("mvn"), """
                echo "$*" >>"%s"; echo "with $JAVA_HOME" >>"%s"
                mkdir -p "%s/target/app"; : >"%s/target/app/firedrill.jar\""""
                .formatted(mavenCalls(), mavenCalls(), checkout, checkout));
    }

    private Path mavenCalls() {
        return folder.resolve("maven-calls");
    }

    private static void program(Path file, String script) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Prints its own folder and its arguments, one a line. */
    private Path jdk(String name, String version) throws IOException {
        Path jdk = jdks.resolve(name);
        program(jdk.resolve("bin/java"), "echo JDK=%s; for a in \"$@\"; do echo \"$a\"; done; pwd".formatted(name));
        program(jdk.resolve("bin/javac"), "");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return jdk;
    }

    private void built() throws IOException {
        Files.createDirectories(checkout.resolve("target/app"));
        Files.createFile(checkout.resolve("target/app/firedrill.jar"));
        olderThanTheBuild(checkout.resolve("pom.xml"));
        olderThanTheBuild(checkout.resolve("src/main"));
    }

    private static void olderThanTheBuild(Path path) throws IOException {
        Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
    }

    private Command.Result<String> run(Path script, String javaHome, String... arguments) {
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("JAVA_HOME", javaHome);
        environment.put("FIREDRILL_JDK_FOLDERS", jdks.toString());
        environment.put("FIREDRILL_HOME", "");
        environment.put("PATH", tools + ":/usr/bin:/bin");
        return Command.of(script.toString(), arguments).withEnvironment(environment).withDirectory(folder).run();
    }

    private Command.Result<String> firedrill(String javaHome, String... arguments) {
        return run(checkout.resolve("firedrill"), javaHome, arguments);
    }

    @Test
    void anOldJavaHomeIsPassedOverForAJdkThatIsNewEnough() throws IOException {
        built();
        Path old = jdk("old", "17.0.9");
        jdk("new", "25");
        Command.Result<String> result = firedrill(old.toString(), "status");
        assertThat(result.exit()).isZero();
        assertThat(result.value()).startsWith("JDK=new\n");
    }

    @Test
    void aJavaHomeThatIsNewEnoughWins() throws IOException {
        built();
        jdk("a-newer-one", "26");
        Path home = jdk("home", "21.0.1");
        assertThat(firedrill(home.toString(), "status").value()).startsWith("JDK=home\n");
    }

    @Test
    void withoutAnySuitableJdkEverythingLookedAtIsNamed() throws IOException {
        built();
        Path old = jdk("old", "17.0.9");
        program(tools.resolve("java"), "");
        Files.createDirectories(jdks.resolve("jre/bin"));
        program(jdks.resolve("jre/bin/java"), "");
        Command.Result<String> result = firedrill(old.toString(), "status");
        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.stderr())
                .contains("JAVA_HOME=" + old + ": JDK 17, too old")
                .contains("java on PATH, " + folder + ": no JDK")
                .contains(jdks.resolve("jre") + ": no JDK")
                .contains("set JAVA_HOME");
    }

    @Test
    void argumentsReachJavaUnchangedAndTheCallersFolderStays() throws IOException {
        built();
        Path home = jdk("home", "25");
        List<String> lines = firedrill(home.toString(), "plan", "check", "a plan.yaml", "", "*").value().lines().toList();
        assertThat(lines).endsWith("io.firedrill.cli.Firedrill", "plan", "check", "a plan.yaml", "", "*", folder.toRealPath().toString());
        assertThat(lines).contains("-Dfiredrill.home=" + checkout.toRealPath() + "/.firedrill", "-Dfiredrill.dist=" + checkout.toRealPath() + "/target");
    }

    @Test
    void itWorksBehindSymbolicLinks() throws IOException {
        built();
        Path home = jdk("home", "25");
        Path relative = Files.createSymbolicLink(checkout.resolve("link"), Path.of("firedrill"));
        Path link = Files.createSymbolicLink(tools.resolve("firedrill"), relative);
        assertThat(run(link, home.toString(), "status").value())
                .contains("-Dfiredrill.dist=" + checkout.toRealPath() + "/target");
    }

    @Test
    void itBuildsOnceAndAgainWhenASourceIsNewer() throws IOException {
        Path home = jdk("home", "25");
        assertThat(firedrill(home.toString(), "status").stderr()).contains("Building Firedrill (first time");
        assertThat(firedrill(home.toString(), "status").stderr()).doesNotContain("Building");
        Files.setLastModifiedTime(
                Files.createFile(checkout.resolve("src/main/New.java")), FileTime.from(Instant.now().plusSeconds(5)));
        assertThat(firedrill(home.toString(), "status").stderr()).contains("sources are newer");
        assertThat(Files.readAllLines(mavenCalls())).filteredOn(line -> line.contains("package")).hasSize(2);
        assertThat(Files.readAllLines(mavenCalls())).contains("with " + home);
    }

    @Test
    void aFailedBuildShowsItsEndAndStartsNothing() throws IOException {
        Path home = jdk("home", "25");
        program(tools.resolve("mvn"), "echo 'Shop.java:[3,4] cannot find symbol'; exit 1");
        Command.Result<String> result = firedrill(home.toString(), "status");
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.stderr()).contains("The build failed", "cannot find symbol");
        assertThat(result.value()).isEmpty();
    }

    @Test
    void testRunsTheSuiteAndPassesItsArgumentsOn() throws IOException {
        Path home = jdk("home", "25");
        for (String program : List.of("age", "initdb", "pg_ctl", "pg_dump", "psql", "rsync", "setsid", "setpriv", "pg_amcheck")) {
            program(tools.resolve(program), "");
        }
        assertThat(firedrill(home.toString(), "test", "--quick", "-Dit.test=X Y").exit()).isZero();
        assertThat(Files.readAllLines(mavenCalls()).getFirst())
                .isEqualTo("-B -f " + checkout.toRealPath() + "/pom.xml -DskipITs verify -Dit.test=X Y");
    }
}
