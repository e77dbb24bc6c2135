package io.firedrill.exporter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What a replay, a second exporter and another engine do to the tables of a real PostgreSQL. */
class StateDatabaseIT {
    private static final OffsetDateTime NOON = OffsetDateTime.of(2026, 11, 23, 12, 0, 0, 0, ZoneOffset.UTC);
    private static LocalPostgres postgres;
    private static JdbcClient sql;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = LocalPostgres.start();
        sql = JdbcClient.create(postgres.dataSource());
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void forgetEverything() {
        for (String schema : schemas()) {
            sql.sql("drop schema " + schema + " cascade").update();
        }
    }

    @Test
    void aReplayChangesNothing() throws Exception {
        StateDatabase database = database(1);
        List<Entry> entries = List.of(failedJob(1, NOON), failedJob(2, NOON), variable(3, "new"));
        database.write(entries);
        database.write(List.of(entries.get(0), entries.get(2)));
        database.write(entries);
        database.close();
        assertThat(count("record")).isEqualTo(3);
        assertThat(sql.sql("select failures from engine_history.job").query(Integer.class).single()).isEqualTo(2);
        assertThat(sql.sql("select position from engine_history.progress").query(Long.class).single()).isEqualTo(3);
    }

    @Test
    void anOlderRecordDoesNotOverwriteANewerOne() throws Exception {
        StateDatabase database = database(1);
        database.write(List.of(variable(5, "new")));
        database.write(List.of(variable(4, "old")));
        database.close();
        assertThat(sql.sql("select value from engine_history.variable").query(String.class).single())
                .isEqualTo("\"new\"");
    }

    @Test
    void aBatchIsWrittenWholeOrNotAtAll() throws Exception {
        StateDatabase database = database(1);
        database.write(List.of(variable(1, "first")));
        Entry broken = new Entry(1, 3, NOON, "VARIABLE", "UPDATED", 9, null, null, "no json", List.of());
        assertThatThrownBy(() -> database.write(List.of(variable(2, "second"), broken))).isInstanceOf(SQLException.class);
        assertThat(count("record")).isEqualTo(1);
        database.write(List.of(variable(2, "second")));
        database.close();
        assertThat(count("record")).isEqualTo(2);
    }

    @Test
    void twoExportersCannotWriteTheSamePartitionAtOnce() throws Exception {
        StateDatabase first = database(1);
        first.write(List.of(variable(1, "mine")));
        StateDatabase second = database(1);
        assertThatThrownBy(() -> second.write(List.of(variable(2, "yours")))).hasMessageContaining("Another broker");
        StateDatabase other = database(2);
        other.write(List.of(variable(1, "other partition")));
        first.close();
        second.write(List.of(variable(2, "yours")));
        second.close();
        other.close();
    }

    @Test
    void anotherEnginesHistoryIsKeptUnderAnotherName() throws Exception {
        StateDatabase old = database(1);
        old.write(LongStream.rangeClosed(1, 20).mapToObj(n -> variable(n, "old")).toList());
        old.close();
        StateDatabase young = database(1);
        young.write(List.of(failedJob(1, NOON.plusDays(1)), failedJob(2, NOON.plusDays(1))));
        young.close();
        assertThat(count("record")).isEqualTo(2);
        String aside = schemas().stream().filter(name -> !name.equals("engine_history")).findFirst().orElseThrow();
        assertThat(sql.sql("select count(*) from " + aside + ".record").query(Long.class).single()).isEqualTo(20);
    }

    @Test
    void aSchemaOfANewerExporterIsLeftAlone() throws Exception {
        StateDatabase database = database(1);
        database.write(List.of(variable(1, "x")));
        database.close();
        sql.sql("insert into engine_history.schema_version values (99, 'V99')").update();
        assertThatThrownBy(() -> database(1).write(List.of(variable(2, "y")))).hasMessageContaining("newer exporter");
        assertThat(count("record")).isEqualTo(1);
    }

    private static StateDatabase database(int partition) {
        Settings settings = Settings.of(Map.of(
                "url", postgres.url(),
                "user", postgres.user(),
                "passwordFile", postgres.passwordFile().toString()));
        return new StateDatabase(settings, partition, LoggerFactory.getLogger(StateDatabaseIT.class));
    }

    private static Entry variable(long position, String value) {
        Row row = Row.of(Table.VARIABLE, 7, position, 5L, 5L, "name", "\"" + value + "\"", NOON);
        return new Entry(1, position, NOON, "VARIABLE", "UPDATED", 7, 5L, null, "{}", List.of(row));
    }

    private static Entry failedJob(long position, OffsetDateTime at) {
        Row row = Row.of(
                Table.JOB, 8, position, "type", "BPMN_ELEMENT", "Task", 6L, 5L, null, 1, "failed", 1, "why", null, null,
                at, null);
        return new Entry(1, position, at, "JOB", "FAILED", 8, 5L, "Task", "{}", List.of(row));
    }

    private static long count(String table) {
        return sql.sql("select count(*) from engine_history." + table).query(Long.class).single();
    }

    private static List<String> schemas() {
        return sql.sql("select nspname from pg_namespace where nspname like 'engine\\_history%'")
                .query(String.class)
                .list();
    }
}
