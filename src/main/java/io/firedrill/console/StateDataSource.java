package io.firedrill.console;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.firedrill.plan.Database;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import javax.sql.DataSource;

/** Connections to the state database; made although it may not answer yet. */
final class StateDataSource {
    private static final int AT_MOST = 8;
    private static final long PATIENCE_MILLIS = 3_000;

    private StateDataSource() {}

    static DataSource of(Database database) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl("jdbc:postgresql://%s:%d/%s".formatted(database.host(), database.port(), database.dbname()));
        config.setUsername(database.user());
        database.passwordFile().ifPresent(file -> {
            try {
                config.setPassword(Files.readString(file).strip());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        database.parameters().forEach(config::addDataSourceProperty);
        config.setPoolName("state");
        config.setMaximumPoolSize(AT_MOST);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(PATIENCE_MILLIS);
        config.setInitializationFailTimeout(-1);
        return new HikariDataSource(config);
    }
}
