package io.firedrill.console;

import io.firedrill.history.History;
import io.firedrill.history.Run;
import io.firedrill.history.RunFilter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs that change a service's servers and have not ended; two of them would work against each other. */
final class ServerChanges {
    private static final List<String> OF_ROLES = List.of("failover", "switchover", "rejoin");
    private static final List<String> RECOVERIES = List.of("disaster-recovery", "undo-recovery");

    /** Far more than are ever open at once. */
    private static final int NEWEST = 20;

    private final History history;

    ServerChanges(History history) {
        this.history = history;
    }

    /** What only one run may change at a time, for {@link io.firedrill.history.StartTurns}. */
    static String subject(String service) {
        return "servers of " + service;
    }

    /** Which changes what each server is: primary or standby. Fails as {@link History} does. */
    Optional<Run> ofRoles(String service) {
        return open(OF_ROLES, service).findFirst();
    }

    /** Any that may stop the primary on purpose; a recovery that is back to writing its report does not. Fails as {@link History} does. */
    Optional<Run> any(String service) {
        return Stream.concat(open(OF_ROLES, service), open(RECOVERIES, service).filter(run -> !lossMeasured(run))).findFirst();
    }

    /** The second recovery of a service that would swap under the first. Fails as {@link History} does. */
    Optional<Run> recovery(String service) {
        return open(List.of("disaster-recovery"), service).filter(run -> !lossMeasured(run)).findFirst();
    }

    private Stream<Run> open(List<String> processes, String service) {
        return processes.stream()
                .flatMap(process -> history.runs(new RunFilter(process, service, NEWEST)).stream())
                .filter(run -> run.endedAt() == null);
    }

    private boolean lossMeasured(Run run) {
        return history.run(run.id()).map(detail -> detail.variables().get("loss") != null).orElse(false);
    }
}
