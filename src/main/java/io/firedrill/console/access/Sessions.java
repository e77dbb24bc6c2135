package io.firedrill.console.access;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.convert.support.GenericConversionService;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.MapSession;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;
import org.springframework.session.jdbc.JdbcIndexedSessionRepository;
import org.springframework.session.jdbc.PostgreSqlJdbcIndexedSessionRepositoryCustomizer;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Who is signed in, in the state database, so that any server goes on with a session. Each server also remembers what it
 * saw last: while the state database is away, people stay signed in on the server they are at, and what begins then ends
 * when it is back. The database decides whenever it answers.
 */
final class Sessions implements SessionRepository<Sessions.Kept> {
    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int REMEMBERED = 1_000;
    /** After a failure requests do not wait for the database again for so long. */
    private static final Duration LEAVE_ALONE = Duration.ofSeconds(2);

    private final FindByIndexNameSessionRepository<Session> database;
    private final JdbcIndexedSessionRepository tables;
    private final Duration life;
    private final AtomicLong awayUntil = new AtomicLong(System.nanoTime());
    private final Map<String, MapSession> memory = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, MapSession> eldest) {
            return size() > REMEMBERED;
        }
    });

    Sessions(DataSource stateDatabase, Duration life) {
        this.life = life;
        this.tables = repository(stateDatabase, life);
        this.database = opened(tables);
    }

    private static JdbcIndexedSessionRepository repository(DataSource stateDatabase, Duration life) {
        TransactionTemplate transactions = new TransactionTemplate(new JdbcTransactionManager(stateDatabase));
        transactions.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        JdbcIndexedSessionRepository repository = new JdbcIndexedSessionRepository(new JdbcTemplate(stateDatabase), transactions);
        repository.setTableName("firedrill.session");
        repository.setDefaultMaxInactiveInterval(life);
        GenericConversionService json = new GenericConversionService();
        json.addConverter(Object.class, byte[].class, SessionAttributes::write);
        json.addConverter(byte[].class, Object.class, SessionAttributes::read);
        repository.setConversionService(json);
        new PostgreSqlJdbcIndexedSessionRepositoryCustomizer().customize(repository);
        return repository;
    }

    /** The library keeps its own class of session to itself. */
    @SuppressWarnings("unchecked")
    private static FindByIndexNameSessionRepository<Session> opened(FindByIndexNameSessionRepository<?> repository) {
        return (FindByIndexNameSessionRepository<Session>) repository;
    }

    @Override
    public Kept createSession() {
        return new Kept(away() ? fresh() : database.createSession());
    }

    private MapSession fresh() {
        MapSession session = new MapSession();
        session.setMaxInactiveInterval(life);
        return session;
    }

    @Override
    public @Nullable Kept findById(String id) {
        Session found = answer(() -> {
            Session stored = database.findById(id);
            if (stored == null) {
                memory.remove(id);
            } else {
                memory.put(id, new MapSession(stored));
            }
            return stored;
        }, () -> remembered(id));
        return found == null ? null : new Kept(found);
    }

    private @Nullable MapSession remembered(String id) {
        MapSession session = memory.get(id);
        return session == null || session.isExpired() ? null : new MapSession(session);
    }

    @Override
    public void save(Kept session) {
        Session inner = session.inner;
        answer(() -> {
            if (!(inner instanceof MapSession)) {
                database.save(inner);
            }
            return null;
        }, () -> null);
        memory.remove(session.foundAs);
        memory.put(inner.getId(), new MapSession(inner));
    }

    @Override
    public void deleteById(String id) {
        memory.remove(id);
        answer(() -> {
            database.deleteById(id);
            return null;
        }, () -> null);
    }

    /** Signs a person out everywhere. */
    void endAllOf(String person) {
        AccessTables.answer(() -> database.findByIndexNameAndIndexValue(
                        FindByIndexNameSessionRepository.PRINCIPAL_NAME_INDEX_NAME, person))
                .keySet()
                .forEach(this::deleteById);
    }

    void removeExpired() {
        tables.cleanUpExpiredSessions();
    }

    private boolean away() {
        return System.nanoTime() - awayUntil.get() < 0;
    }

    private <T> @Nullable T answer(Supplier<@Nullable T> fromDatabase, Supplier<@Nullable T> otherwise) {
        if (!away()) {
            try {
                return fromDatabase.get();
            } catch (DataAccessException | TransactionException e) {
                awayUntil.set(System.nanoTime() + LEAVE_ALONE.toNanos());
                LOG.warn("sessions are kept in memory while the state database is away: {}", e.getMessage());
            }
        }
        return otherwise.get();
    }

    /** A session as the database has it, or as this server remembers it. */
    static final class Kept implements Session {
        private final Session inner;
        private final String foundAs;

        private Kept(Session inner) {
            this.inner = inner;
            this.foundAs = inner.getId();
        }

        @Override
        public String getId() {
            return inner.getId();
        }

        @Override
        public String changeSessionId() {
            return inner.changeSessionId();
        }

        @Override
        public <T> @Nullable T getAttribute(String name) {
            return inner.getAttribute(name);
        }

        @Override
        public Set<String> getAttributeNames() {
            return inner.getAttributeNames();
        }

        @Override
        public void setAttribute(String name, @Nullable Object value) {
            inner.setAttribute(name, value);
        }

        @Override
        public void removeAttribute(String name) {
            inner.removeAttribute(name);
        }

        @Override
        public Instant getCreationTime() {
            return inner.getCreationTime();
        }

        @Override
        public void setLastAccessedTime(Instant time) {
            inner.setLastAccessedTime(time);
        }

        @Override
        public Instant getLastAccessedTime() {
            return inner.getLastAccessedTime();
        }

        @Override
        public void setMaxInactiveInterval(Duration interval) {
            inner.setMaxInactiveInterval(interval);
        }

        @Override
        public Duration getMaxInactiveInterval() {
            return inner.getMaxInactiveInterval();
        }

        @Override
        public boolean isExpired() {
            return inner.isExpired();
        }
    }
}
