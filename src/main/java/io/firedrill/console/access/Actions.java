package io.firedrill.console.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;

/** What each call that changes something is called in the audit trail, the same from a page and from the API. */
final class Actions {
    /** By the path's pattern, without {@code /api}. */
    static final Map<String, String> BY_PATTERN = Map.ofEntries(
            Map.entry("/backups", "start-backup"),
            Map.entry("/backups/{id}/verify", "verify-backup"),
            Map.entry("/backups/{id}/hold", "hold-backup"),
            Map.entry("/backups/{id}/release", "release-backup"),
            Map.entry("/backups/expire", "expire-backups"),
            Map.entry("/backups/rescan", "rescan-backups"),
            Map.entry("/diagnoses", "diagnose"),
            Map.entry("/recoveries", "start-recovery"),
            Map.entry("/services/{name}/recover", "start-recovery"),
            Map.entry("/failovers", "start-failover"),
            Map.entry("/switchovers", "start-switchover"),
            Map.entry("/rejoins", "start-rejoin"),
            Map.entry("/drills", "start-drill"),
            Map.entry("/services/{name}/drill", "start-drill"),
            Map.entry("/incidents/{id}/close", "close-incident"),
            Map.entry("/incidents/{id}/undo", "start-undo"),
            Map.entry("/runs/{id}/retry", "retry-run"),
            Map.entry("/runs/{id}/cancel", "cancel-run"),
            Map.entry("/runs/{id}/steps/{step}/skip", "skip-step"),
            Map.entry("/runs/{id}/steps/{key}/skip", "skip-step"),
            Map.entry("/tasks/{key}/claim", "claim-task"),
            Map.entry("/tasks/{key}/complete", "complete-task"),
            Map.entry("/people", "add-person"),
            Map.entry("/people/{name}/invite", "invite-person"),
            Map.entry("/people/{name}/disable", "disable-person"),
            Map.entry("/tokens", "create-token"),
            Map.entry("/people/tokens", "create-token"),
            Map.entry("/tokens/{name}/revoke", "revoke-token"),
            Map.entry("/people/tokens/{name}/revoke", "revoke-token"),
            Map.entry("/welcome/{secret}", "set-password"),
            Map.entry("/alerts", "receive-alerts"),
            Map.entry("/node/drain", "drain-node"),
            Map.entry("/node/enable", "enable-node"),
            Map.entry("/audit/verify", "verify-audit"),
            Map.entry("/audit/anchor", "write-anchor"));

    private Actions() {}

    /** @param pattern of the path that was matched */
    static String of(String pattern, HttpServletRequest request) {
        String action = BY_PATTERN.getOrDefault(pattern.replaceFirst("^/api(?=/)", ""), "request");
        return action.equals("start-recovery") && request.getParameter("dryRun") != null ? "rehearse-recovery" : action;
    }
}
