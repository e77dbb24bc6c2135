package io.firedrill.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.console.ReplicationWatch.Look;
import io.firedrill.replication.NodeState;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The servers of a service in a few words, and which of it is trouble. */
class ReplicasTest {
    private static final NodeState MAIN = node("main", "primary", false, null, null, "");
    private static final NodeState FOLLOWS = node("spare", "standby", true, 0L, 0.0, "");
    private static final NodeState SILENT = node("spare", "standby", false, 3L << 20, 75.0, "");
    private static final NodeState DOWN = node("spare", "down", false, null, null, "Connection refused.");

    private static NodeState node(String name, String role, boolean streaming, @Nullable Long lag, @Nullable Double seconds, String note) {
        return new NodeState(name, "127.0.0.1:5432", role, 1, "0/1", streaming, lag, seconds, null, false, note);
    }

    private static Replicas of(NodeState... nodes) {
        return Replicas.of(new Look(Instant.EPOCH, List.of(nodes)));
    }

    @Test
    void aStandbyThatHasEverythingIsNoTrouble() {
        Replicas replicas = of(MAIN, FOLLOWS);
        assertThat(replicas.mood()).isEqualTo("good");
        assertThat(replicas.trouble()).isNull();
        assertThat(replicas.nodes()).containsExactly(
                new Replicas.Node("main", "primary", "good", ""), new Replicas.Node("spare", "standby", "good", "has everything"));
    }

    @Test
    void aStandbyThatDoesNotFollowSaysHowFarBehindItIs() {
        Replicas replicas = of(MAIN, SILENT);
        assertThat(replicas.mood()).isEqualTo("open");
        assertThat(replicas.trouble()).isEqualTo("spare does not follow the primary");
        assertThat(replicas.nodes().getLast().standing()).isEqualTo("does not receive, 3.0 MiB behind (1 min 15 s)");
    }

    @Test
    void aServerThatIsDownSaysWhy() {
        Replicas replicas = of(MAIN, DOWN);
        assertThat(replicas.trouble()).isEqualTo("spare is down");
        assertThat(replicas.nodes().getLast()).isEqualTo(new Replicas.Node("spare", "down", "bad", "Connection refused."));
    }

    @Test
    void noPrimaryIsTheWorstAndSoAreTwo() {
        assertThat(of(SILENT)).extracting(Replicas::mood, Replicas::trouble).containsExactly("bad", "no server takes writes");
        assertThat(of(MAIN, node("spare", "primary", false, null, null, "")))
                .extracting(Replicas::mood, Replicas::trouble)
                .containsExactly("bad", "main and spare both take writes");
    }
}
