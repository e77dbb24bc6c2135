package io.firedrill.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * Camunda's own Operate and Tasklist, with the broker in one process, over an OpenSearch on JDK 17: a distribution whose broker
 * is all of them, so that Firedrill's server starts them as it starts its broker.
 */
final class CamundaApplications implements AutoCloseable {
    private static final int FIRST_PORT = 9201;
    private static final int LAST_PORT = 9299;

    private final Process openSearch;
    private final Path dist;

    /** @param parts what src/tasklist builds; {@code jdk17} a Java 17 */
    private CamundaApplications(Path folder, Path parts, Path jdk17) throws IOException {
        int port = IntStream.rangeClosed(FIRST_PORT, LAST_PORT).filter(CamundaApplications::isFree).findFirst().orElseThrow();
        openSearch = new ProcessBuilder(
                        jdk17.resolve("bin/java").toString(), "-Xmx512m", "-XX:+UseSerialGC", "-cp", parts.resolve("classes") + ":" + parts.resolve("lib") + "/*",
                        "org.codelibs.opensearch.runner.OpenSearchRunner", "-numOfNode", "1", "-clusterName", "firedrill-" + port,
                        "-basePath", folder.resolve("opensearch").toString(), "-baseHttpPort", String.valueOf(port - 1),
                        "-pluginTypes", "io.firedrill.tasklist.IndexStates", "-useLogger")
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("opensearch.log").toFile())
                .start();
        Awaitility.await().atMost(Duration.ofMinutes(3)).until(() -> !isFree(port));
        dist = distribution(folder.resolve("dist"), Path.of(System.getProperty("firedrill.dist")).toAbsolutePath(), "http://127.0.0.1:" + port);
    }

    static CamundaApplications start(Path folder, Path parts, Path jdk17) {
        try {
            return new CamundaApplications(folder, parts, jdk17);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** To be named as {@code firedrill.dist}. */
    Path dist() {
        return dist;
    }

    private static boolean isFree(int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress("127.0.0.1", port), 500);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Links to the real one, but for the program that starts the broker. */
    private static Path distribution(Path made, Path real, String openSearch) throws IOException {
        linkAll(real, Files.createDirectories(made), "zeebe");
        try (Stream<Path> engines = Files.list(real.resolve("zeebe"))) {
            for (Path engine : engines.filter(path -> Files.isExecutable(path.resolve("bin/camunda"))).toList()) {
                Path linked = Files.createDirectories(made.resolve("zeebe").resolve(engine.getFileName()));
                linkAll(engine, linked, "bin");
                Path start = Files.createDirectories(linked.resolve("bin")).resolve("broker");
                Files.writeString(start, script(engine, openSearch));
                Files.setPosixFilePermissions(start, PosixFilePermissions.fromString("rwxr-xr-x"));
            }
        }
        return made;
    }

    private static void linkAll(Path from, Path to, String besides) throws IOException {
        try (Stream<Path> all = Files.list(from)) {
            for (Path one : all.filter(path -> !path.getFileName().toString().equals(besides)).toList()) {
                Files.createSymbolicLink(to.resolve(one.getFileName()), one);
            }
        }
    }

    private static String script(Path engine, String openSearch) {
        String each = Stream.of("OPERATE", "TASKLIST")
                .map(app -> """
                        export CAMUNDA_%1$s_DATABASE=opensearch CAMUNDA_%1$s_CSRFPREVENTIONENABLED=false
                        export CAMUNDA_%1$s_OPENSEARCH_URL=%2$s CAMUNDA_%1$s_ZEEBEOPENSEARCH_URL=%2$s
                        export CAMUNDA_%1$s_ZEEBE_GATEWAYADDRESS=127.0.0.1:$ZEEBE_BROKER_GATEWAY_NETWORK_PORT
                        """.formatted(app, openSearch))
                .collect(Collectors.joining());
        return "#!/bin/sh\n" + each + """
                export CAMUNDA_TASKLIST_ZEEBE_RESTADDRESS=http://127.0.0.1:$SERVER_PORT
                export CAMUNDA_DATABASE_TYPE=opensearch CAMUNDA_DATABASE_URL=%1$s
                export ZEEBE_BROKER_EXPORTERS_OPENSEARCH_CLASSNAME=io.camunda.zeebe.exporter.opensearch.OpensearchExporter
                export ZEEBE_BROKER_EXPORTERS_OPENSEARCH_ARGS_URL=%1$s ZEEBE_BROKER_EXPORTERS_OPENSEARCH_ARGS_BULK_DELAY=1
                JAVA_OPTS=$(printf '%%s' "$JAVA_OPTS" | sed 's/-Xmx256m/-Xmx900m/')
                export JAVA_OPTS
                exec %2$s/bin/camunda
                """.formatted(openSearch, engine);
    }

    @Override
    public void close() {
        openSearch.destroy();
        openSearch.onExit().join();
    }

    /** Where Tasklist and Operate are, once Firedrill's server has started them. */
    static String address(Path home) {
        try {
            return "http://127.0.0.1:" + Files.readString(home.resolve("engine/ports")).strip().split(" ")[1];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
