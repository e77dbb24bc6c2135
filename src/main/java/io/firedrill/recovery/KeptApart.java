package io.firedrill.recovery;

import io.firedrill.plan.Database;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a restored server is kept to itself while it is not in service: 127.0.0.1 only, no subscription drawing changes from a
 * publisher, no scheduled job, nothing archived, nobody waited for.
 */
final class KeptApart {
    private KeptApart() {}

    /** To win over whatever the original was told. */
    static Map<String, String> settings(int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("port", String.valueOf(port));
        settings.put("unix_socket_directories", "");
        settings.put("external_pid_file", "");
        settings.put("ssl", "off");
        settings.put("archive_mode", "off");
        settings.put("max_logical_replication_workers", "0");
        // Transactions prepared at that moment, and a dump's locks on every table, must find room.
        settings.put("max_prepared_transactions", "500");
        settings.put("max_locks_per_transaction", "256");
        settings.put("shared_preload_libraries", "");
        settings.put("session_preload_libraries", "");
        settings.put("autovacuum", "off");
        settings.put("synchronous_standby_names", "");
        settings.put("logging_collector", "off");
        settings.put("log_destination", "stderr");
        settings.put("log_min_messages", "warning");
        settings.put("lc_messages", "C");
        settings.put("shared_buffers", "128MB");
        settings.put("huge_pages", "off");
        settings.put("max_wal_size", "4GB");
        return settings;
    }

    /** Over the loopback, by the user and password of the plan. md5 takes both kinds of stored passwords. */
    static final String ACCESS = "host all all 127.0.0.1/32 md5\n";

    static Database database(Database planned, int port) {
        return new Database(planned.name(), "127.0.0.1", port, planned.user(), planned.dbname(), Map.of(), planned.passwordFile());
    }
}
