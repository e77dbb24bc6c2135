package io.firedrill.runbook;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** {@code INC-20261123-084512-shop}: sorts by time, tells the service, is safe in file and database names. */
final class IncidentId {
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss").withZone(ZoneOffset.UTC);

    private IncidentId() {}

    /** {@code DRILL-20261123-084512-shop}. */
    static String ofDrill(String service, Instant openedAt) {
        return "DRILL-" + STAMP.format(openedAt) + "-" + service;
    }

    /** {@code FAILOVER-20261123-084512-shop}, {@code SWITCHOVER-…}, {@code REJOIN-…}: a change of servers without a disaster. */
    static String ofReplication(String what, String service, Instant openedAt) {
        return what + "-" + STAMP.format(openedAt) + "-" + service;
    }

    static String of(String service, Instant openedAt) {
        return "INC-" + STAMP.format(openedAt) + "-" + service;
    }
}
