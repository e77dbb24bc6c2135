package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A plan is valid once it exists, whoever makes it. */
class PlanRecordsTest {
    private static final FileSet FILES = new FileSet("uploads", Path.of("/data"));
    private static final StorePlan STORE = new StorePlan.Directory("local", Path.of("/backups"));

    @ParameterizedTest
    @MethodSource
    void whatCannotBeIsRefused(ThrowingCallable making) {
        assertThatIllegalArgumentException().isThrownBy(making);
    }

    static List<ThrowingCallable> whatCannotBeIsRefused() {
        return List.of(
                () -> new FileSet("Uploads", Path.of("/data")),
                () -> new FileSet("uploads", Path.of("data")),
                () -> new FileSet("uploads", Path.of("/")),
                () -> new StorePlan.Directory("local", Path.of("backups")),
                () -> new StorePlan.S3("s", "b", "/p", "r", Optional.empty(), true, Optional.empty()),
                () -> database("o/o", 5432),
                () -> database("orders", 0),
                () -> new EncryptionPlan(Path.of("key")),
                () -> new Keep(7, 4, 0, 0, 0),
                () -> new Keep(-1, 4, 0, 0, 1),
                () -> new Objectives(Duration.ZERO, Duration.ofHours(1)),
                () -> new Approvals(0, true, Duration.ofMinutes(1), Duration.ofHours(1)),
                () -> new Check.Command("c", List.of(), Duration.ofSeconds(1)),
                () -> service(Map.of()),
                () -> plan(Map.of(), Map.of("local", STORE)),
                () -> plan(Map.of("shop", service(Map.of("uploads", FILES))), Map.of()));
    }

    @Test
    void whatAPlanHoldsCannotBeChangedFromOutside() {
        Map<String, FileSet> fileSets = new LinkedHashMap<>(Map.of("uploads", FILES));
        Service service = service(fileSets);
        Map<String, Service> services = new LinkedHashMap<>(Map.of("shop", service));
        RecoveryPlan plan = plan(services, Map.of("local", STORE));

        fileSets.clear();
        services.clear();

        assertThat(plan.service("shop").fileSets()).containsOnlyKeys("uploads");
        assertThatThrownBy(() -> plan.services().clear()).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> service.fileSets().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void theFirstStoreIsThePrimaryAndTheOthersAreOffsite() {
        Map<String, StorePlan> stores = new LinkedHashMap<>();
        stores.put("z", new StorePlan.Directory("z", Path.of("/z")));
        stores.put("a", new StorePlan.Directory("a", Path.of("/a")));
        stores.put("m", new StorePlan.Directory("m", Path.of("/m")));

        RecoveryPlan plan = plan(Map.of("shop", service(Map.of("uploads", FILES))), stores);

        assertThat(plan.primaryStore().name()).isEqualTo("z");
        assertThat(plan.offsiteStores()).extracting(StorePlan::name).containsExactly("a", "m");
    }

    @Test
    void aDatabaseHasItsNeighboursAddress() {
        Database other = database("orders", 5433).onDatabase("postgres");

        assertThat(other.address()).isEqualTo("127.0.0.1:5433/postgres");
        assertThat(other.name()).isEqualTo("orders");
        assertThat(other.user()).isEqualTo("firedrill");
    }

    private static Database database(String name, int port) {
        return new Database(name, "127.0.0.1", port, "firedrill", "orders", Map.of(), Optional.empty());
    }

    private static Service service(Map<String, FileSet> fileSets) {
        return new Service("shop", Objectives.DEFAULT, Map.of(), fileSets, List.of(), List.of(), Approvals.DEFAULT);
    }

    private static RecoveryPlan plan(Map<String, Service> services, Map<String, StorePlan> stores) {
        return new RecoveryPlan(
                Path.of("/plan.yaml"),
                "0".repeat(64),
                services,
                stores,
                Optional.empty(),
                List.of(),
                new EnginePlan.Embedded(),
                new StatePlan.Embedded());
    }
}
