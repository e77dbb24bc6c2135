package io.firedrill.runbook;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** {@code INC-20261123-084512-shop}: sorts by time, tells the service, is safe in file and database names. */
final class IncidentId {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private IncidentId() {}

    static String of(String service, Instant openedAt) {
        return "INC-" + STAMP.format(openedAt) + "-" + service;
    }
}
