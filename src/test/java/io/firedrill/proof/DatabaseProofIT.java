package io.firedrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.proof.Measure.Measured;
import io.firedrill.tool.Progress;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** A database with one of everything: its restored copy is proven equal, and every kind of tampering is found. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DatabaseProofIT {
    private static final String SOURCE = "any \"thing\" d'été";
    private static final String RESTORED = "anything restored";
    private static final String TAMPERED = "anything tampered";

    private final ThrowawayPostgres postgres = ThrowawayPostgres.shared();
    private Measured untouched;

    @BeforeAll
    void restoreACopy(@TempDir Path folder) {
        postgres.script("postgres", "roles.sql");
        postgres.create(SOURCE);
        postgres.script(SOURCE, "anything.sql");
        postgres.script(SOURCE, "database-settings.sql");
        Path dump = folder.resolve("anything.dump");
        postgres.run("pg_dump", "--format=custom", "--compress=0", "--dbname=" + postgres.conninfo(SOURCE), "--file=" + dump);
        assertThat(Files.exists(dump)).isTrue();
        postgres.create(RESTORED);
        postgres.run("pg_restore", "--exit-on-error", "--dbname=" + postgres.conninfo(RESTORED), dump.toString());
        postgres.script(RESTORED, "database-settings.sql");
        untouched = copyAndMeasure();
    }

    @AfterAll
    void drop() {
        postgres.drop(SOURCE);
        postgres.drop(RESTORED);
        postgres.drop(TAMPERED);
        postgres.sql("postgres", "drop role \"owner of \"\"things\"\"\", reader, granter, \"Ünïcode role\"");
    }

    private Measured measure(String dbname) {
        return Measure.databaseWithInventory(postgres.database("anything", dbname), null, 2, Progress.NONE);
    }

    /** A database made from the restored one as template has all of it but what belongs to the server. */
    private Measured copyAndMeasure(String... tampering) {
        postgres.drop(TAMPERED);
        postgres.sql("postgres", "create database \"" + TAMPERED + "\" template \"" + RESTORED + "\"");
        postgres.sql(TAMPERED, tampering);
        return measure(TAMPERED);
    }

    @Test
    void restoredCopyIsProvenEqual() {
        Measured source = measure(SOURCE);
        Proof proof = DatabaseProof.compare(source.contents(), measure(RESTORED), source::inventory);
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.proven()).isTrue();
        assertThat(proof.tables()).isEqualTo(source.contents().tables().size()).isGreaterThan(30);
        assertThat(proof.rows()).isGreaterThan(6000);
    }

    @Test
    void everyCategoryHasSomethingToProve() {
        assertThat(measure(SOURCE).contents().inventory())
                .allSatisfy((category, digest) -> {
                    if (!category.equals("security-labels")) {
                        assertThat(digest.lines()).as(category).isPositive();
                    }
                });
    }

    @Test
    void anUntouchedCopyIsProvenEqual() {
        Proof proof = DatabaseProof.compare(untouched.contents(), copyAndMeasure(), untouched::inventory);
        assertThat(proof.differences()).isEmpty();
        assertThat(proof.proven()).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @CsvFileSource(resources = "tampering.csv", delimiter = '|', maxCharsPerColumn = 4096)
    void tamperingIsFound(String what, String sql, String difference) {
        Proof proof = DatabaseProof.compare(untouched.contents(), copyAndMeasure(sql), untouched::inventory);
        assertThat(proof.proven()).as(what).isFalse();
        assertThat(proof.differences()).anySatisfy(line -> assertThat(line).contains(difference));
    }

    @Test
    void oneConnectionMeasuresTheSameAsFour() {
        DatabaseContents one = Measure.database(postgres.database("anything", RESTORED), null, 1, Progress.NONE);
        DatabaseContents four = Measure.database(postgres.database("anything", RESTORED), null, 4, Progress.NONE);
        assertThat(one).isEqualTo(four);
    }

    @Test
    void physicalOrderOfRowsDoesNotMatter() {
        Measured shuffled = copyAndMeasure("create table copy as select * from sales.orders order by random();"
                + " truncate sales.orders; insert into sales.orders overriding system value select * from copy; drop table copy");
        assertThat(DatabaseProof.compare(untouched.contents(), shuffled, untouched::inventory).differences()).isEmpty();
    }
}
