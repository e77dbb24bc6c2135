package io.firedrill.replication;

import io.firedrill.tool.Lsn;
import java.time.Duration;

/** What {@code pg_controldata} says of a stopped server. */
record ControlData(String text) {
    ControlData(Postmaster postmaster) {
        this(postmaster.host().must(Duration.ofSeconds(20), "pg_controldata", "-D", postmaster.file("").toString()));
    }

    /** Of the last checkpoint's record, which a clean stop writes last. */
    Lsn checkpoint() {
        return Lsn.parse(value("Latest checkpoint location"));
    }

    String systemIdentifier() {
        return value("Database system identifier");
    }

    private String value(String name) {
        return text.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1).strip())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("pg_controldata does not tell its " + name));
    }
}
