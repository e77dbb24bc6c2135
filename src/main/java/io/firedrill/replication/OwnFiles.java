package io.firedrill.replication;

import io.firedrill.plan.ReplicationPlan.Node;
import java.nio.file.Path;
import java.util.List;

/**
 * What of a node is its own and a rewind would overwrite: its configuration, and the WAL of transactions that only it has.
 * Kept beside the data directory under the incident's name.
 */
final class OwnFiles {
    private final Node node;
    private final NodeHost host;
    private final Path folder;

    OwnFiles(Node node, NodeHost host, String incident) {
        this.node = node;
        this.host = host;
        this.folder = beside(node, "kept", incident);
    }

    static Path beside(Node node, String what, String incident) {
        return node.data().resolveSibling("%s.%s-%s".formatted(node.data().getFileName(), what, incident));
    }

    Path folder() {
        return folder;
    }

    /** What is kept already stays: an interrupted rewind may have overwritten it since. */
    void keep() {
        Path done = folder.resolve("complete");
        if (host.exists(done)) {
            return;
        }
        host.makeFolder(folder.resolve("pg_wal"));
        configuration(host, node.data(), folder);
        List<String> wal = host.list(node.data().resolve("pg_wal")).stream().filter(name -> name.matches("[0-9A-F]{24}|[0-9A-F]{8}\\.history")).toList();
        wal.forEach(name -> host.copy(node.data().resolve("pg_wal").resolve(name), folder.resolve("pg_wal").resolve(name)));
        host.touch(done);
    }

    void putBack() {
        configuration(host, folder, node.data());
    }

    /** {@code postgresql.auto.conf} aside: what is in it was set on the primary, for the cluster. */
    static void configuration(NodeHost host, Path from, Path to) {
        host.list(from).stream()
                .filter(name -> name.endsWith(".conf") && !name.equals("postgresql.auto.conf"))
                .forEach(name -> host.copy(from.resolve(name), to.resolve(name)));
    }
}
