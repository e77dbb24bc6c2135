package io.firedrill.audit;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The chain in the state database. INVARIANT: whoever appends holds one advisory lock from reading the head to committing
 * what is chained to it, so that all writers of all hosts make one chain; the table refuses a row that is not chained to the
 * one before.
 */
final class Chain {
    /** "AUDITTRL" */
    private static final long LOCK = 0x4155_4449_5454_524CL;

    private static final int FETCH = 1_000;

    private final DataSource stateDatabase;
    private final JdbcClient db;
    private final TransactionTemplate transaction;

    Chain(DataSource stateDatabase) {
        this.stateDatabase = stateDatabase;
        this.db = JdbcClient.create(stateDatabase);
        this.transaction = new TransactionTemplate(new JdbcTransactionManager(stateDatabase));
    }

    JdbcClient db() {
        return db;
    }

    /** All of it in one transaction; what is chained already, by its id, is left out. */
    void append(List<Lines.Waiting> waiting) {
        inTurn(() -> chain(waiting));
    }

    /** Runs it while no other writer, of this or another host, chains anything. */
    void inTurn(Runnable work) {
        transaction.executeWithoutResult(status -> {
            db.sql("select pg_advisory_xact_lock(?)").param(LOCK).query((row, i) -> 0).single();
            work.run();
        });
    }

    /** Within {@link #inTurn}. */
    void chain(List<Lines.Waiting> waiting) {
        Set<String> known = known(waiting.stream().map(one -> one.entry().id()).toList());
        Row head = head().orElse(new Row(0, "", Row.BEGINNING));
        for (Lines.Waiting one : waiting) {
            if (known.add(one.entry().id())) {
                String line = Lines.chained(head.n() + 1, head.hash(), one.entry());
                head = new Row(head.n() + 1, line, Digests.of(line));
                insert(head);
                if (one.shown() != null) {
                    keep(one.shown());
                }
            }
        }
    }

    private Set<String> known(List<String> ids) {
        return new HashSet<>(db.sql("select id from firedrill_audit.entry where id = any (?)")
                .param(ids.toArray(String[]::new))
                .query(String.class)
                .list());
    }

    private void insert(Row row) {
        db.sql("insert into firedrill_audit.entry (n, entry, hash) values (?, ?::json, ?)")
                .params(row.n(), row.line(), row.hash())
                .update();
    }

    private void keep(String shown) {
        db.sql("insert into firedrill_audit.shown (digest, content) values (?, ?) on conflict do nothing")
                .params(Digests.of(shown), shown)
                .update();
    }

    Optional<String> shown(String digest) {
        return db.sql("select content from firedrill_audit.shown where digest = ?").param(digest).query(String.class).optional();
    }

    Optional<Row> head() {
        return db.sql("select n, entry::text as line, hash from firedrill_audit.entry order by n desc limit 1")
                .query(Chain::row)
                .optional();
    }

    List<Row> search(Search search) {
        List<Object> values = new ArrayList<>();
        String where = search.where(values);
        return db.sql("select n, entry::text as line, hash from firedrill_audit.entry where " + where + " order by n desc limit ?")
                .params(values)
                .param(search.limit())
                .query(Chain::row)
                .list();
    }

    /** From the first on, or from the one after {@code after}, until the reader has seen enough. */
    void read(long after, Predicate<Row> reader) {
        transaction.executeWithoutResult(status -> {
            Connection connection = DataSourceUtils.getConnection(stateDatabase);
            try (Statement statement = connection.createStatement()) {
                statement.setFetchSize(FETCH);
                try (ResultSet rows = statement.executeQuery(
                        "select n, entry::text as line, hash from firedrill_audit.entry where n > %d order by n".formatted(after))) {
                    while (rows.next() && reader.test(row(rows, 0))) {
                        // The reader has it.
                    }
                }
            } catch (SQLException e) {
                throw new org.springframework.jdbc.UncategorizedSQLException("read the audit trail", null, e);
            } finally {
                DataSourceUtils.releaseConnection(connection, stateDatabase);
            }
        });
    }

    private static Row row(ResultSet row, int number) throws SQLException {
        return new Row(row.getLong("n"), row.getString("line"), row.getString("hash"));
    }
}
