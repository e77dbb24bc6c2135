package io.firedrill.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.Repository;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The real pgBackRest and Barman, both on one server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PhysicalToolsIT {
    private ToolScene scene;

    @BeforeAll
    void start() {
        scene = ToolScene.start();
    }

    @AfterAll
    void remove() {
        scene.close();
    }

    private Stream<Repository> repositories() {
        return Stream.of(scene.pgBackRest(), scene.barman());
    }

    private PhysicalTool pgBackRest() {
        return PhysicalTool.of(scene.pgBackRest());
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void takesListsVerifiesAndRestoresToAMoment(Repository repository) throws Exception {
        PhysicalTool tool = PhysicalTool.of(repository);
        PhysicalTool.Held taken = tool.take(false, "shop-orders-physical-1");
        assertThat(taken.good()).isTrue();
        assertThat(taken.name()).isEqualTo("shop-orders-physical-1");
        assertThat(taken.full()).isTrue();
        assertThat(taken.to()).isGreaterThan(taken.from());
        assertThat(taken.timeline()).isEqualTo(1);
        assertThat(taken.majorVersion()).isEqualTo(Integer.parseInt(scene.value("show server_version_num")) / 10_000);
        assertThat(taken.bytes()).isGreaterThan(20_000_000);
        assertThat(tool.backups()).contains(taken);
        assertThat(tool.verify(taken.label())).isNull();

        scene.sql("truncate numbers", "insert into numbers select generate_series(1, 1234)");
        Lsn target = Lsn.parse(scene.value("select pg_current_wal_insert_lsn()"));
        scene.sql("delete from numbers");
        assertThat(restored(tool, taken, target)).isEqualTo("1234");
    }

    private String restored(PhysicalTool tool, PhysicalTool.Held backup, Lsn target) throws Exception {
        LocalPostgres copy = new LocalPostgres(Files.createTempDirectory(scene.folder(), "copy"), Ports.free());
        LocalPostgres.own(copy.folder());
        tool.archiveWal();
        tool.restore(backup.label(), copy.data(), copy.folder().resolve("tablespaces"), new RecoveryTarget.Before(target));
        copy.configure(Map.of("archive_mode", "off"));
        copy.start();
        try {
            Awaitility.await().atMost(Duration.ofSeconds(30))
                    .until(() -> ToolScene.value(copy.port(), "select pg_is_in_recovery()").equals("f"));
            return ToolScene.value(copy.port(), "select count(*) from numbers");
        } finally {
            copy.stop();
        }
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void tablespacesOfACopyGoBesideItNotOverTheServersOwn(Repository repository) throws Exception {
        Path space = Files.createTempDirectory(scene.folder(), "space");
        LocalPostgres.own(space);
        scene.sql("create tablespace fast location '" + space + "'", "create table quick tablespace fast as select generate_series(1, 77) as n");
        try {
            PhysicalTool tool = PhysicalTool.of(repository);
            PhysicalTool.Held taken = tool.take(false, "with-tablespace");
            LocalPostgres copy = new LocalPostgres(Files.createTempDirectory(scene.folder(), "copy"), Ports.free());
            LocalPostgres.own(copy.folder());
            Path beside = copy.folder().resolve("tablespaces");

            tool.restore(taken.label(), copy.data(), beside, new RecoveryTarget.Immediate());

            try (Stream<Path> links = Files.list(copy.data().resolve("pg_tblspc"))) {
                assertThat(links.map(Path::toFile)).singleElement()
                        .satisfies(link -> assertThat(link.toPath().toRealPath()).startsWith(beside.toRealPath()));
            }
        } finally {
            scene.sql("drop table quick", "drop tablespace fast");
        }
    }

    @Test
    void anIncrementalBackupNamesWhatItNeeds() {
        PhysicalTool.Held full = pgBackRest().take(false, "full");
        PhysicalTool.Held incremental = pgBackRest().take(true, "incremental");
        assertThat(incremental.full()).isFalse();
        assertThat(incremental.needs()).containsExactly(full.label());
        assertThat(incremental.storedBytes()).isLessThan(full.storedBytes() / 2);
    }

    @Test
    void retentionOfTheToolRemovesWhatItNoLongerKeepsWhenThatIsAskedFor() {
        for (int i = 0; i < 3; i++) {
            pgBackRest().take(false, "number-" + i);
        }
        assertThat(pgBackRest().backups().stream().filter(PhysicalTool.Held::full)).hasSizeGreaterThan(2);
        pgBackRest().expire();
        assertThat(pgBackRest().backups().stream().filter(PhysicalTool.Held::full)).hasSize(2);
    }

    @ParameterizedTest
    @MethodSource("repositories")
    void tellsAFlippedByte(Repository repository) {
        PhysicalTool tool = PhysicalTool.of(repository);
        PhysicalTool.Held taken = tool.take(false, "flipped");
        scene.flip(repository, taken.label());
        assertThat(tool.verify(taken.label())).containsIgnoringCase("checksum");
        scene.flip(repository, taken.label());
        assertThat(tool.verify(taken.label())).isNull();
    }

    @Test
    void namesAStanzaOrServerThatIsNotThere() {
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> new PgBackRest("nope", scene.pgBackRest().config(), ToolScene.USER).backups())
                .satisfies(e -> assertThat(e.failure().code()).isEqualTo("pgbackrest-stanza"));
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> new Barman("nope", scene.barman().config(), ToolScene.USER).backups())
                .satisfies(e -> assertThat(e.failure().what()).contains("Unknown server 'nope'"));
    }

    @Test
    void aUserThatCannotReadTheRepositoryIsToldSo() {
        org.junit.jupiter.api.Assumptions.assumeTrue(LocalPostgres.root(), "only root can become another user");
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> new PgBackRest("main", Optional.of(scene.folder().resolve("pgbackrest.conf")), "nobody").take(false, "x"))
                .satisfies(e -> assertThat(e.failure().code() + ": " + e.failure().next()).isEqualTo(
                        "wrong-user: Name the user that owns the repository in the plan (user:), usually postgres."));
        assertThatExceptionOfType(FailureException.class)
                .isThrownBy(() -> new Barman("main", scene.barman().config(), "no-such-user").backups())
                .satisfies(e -> assertThat(e.failure().what()).contains("There is no user 'no-such-user'"));
    }
}
