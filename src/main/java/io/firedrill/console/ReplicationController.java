package io.firedrill.console;

import io.firedrill.replication.NodeState;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Standbys: look at them, fail over, switch over, make them again. */
@RestController
@RequestMapping("/api")
final class ReplicationController {
    private final ReplicationOperations operations;

    ReplicationController(ReplicationOperations operations) {
        this.operations = operations;
    }

    record Servers(String service, String manager, List<NodeState> nodes) {}

    @GetMapping("/replication/{service}")
    Servers look(@PathVariable String service) {
        return new Servers(service, operations.manager(service), operations.look(service));
    }

    record FailoverRequest(@Nullable String service, @Nullable String to, @Nullable String reason) {}

    @PostMapping("/failovers")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started failOver(@RequestBody FailoverRequest request, Actor actor) {
        return new Started(operations.failOver(request.service(), request.to(), request.reason(), actor));
    }

    @PostMapping("/switchovers")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started switchOver(@RequestBody FailoverRequest request, Actor actor) {
        return new Started(operations.switchOver(request.service(), request.to(), request.reason(), actor));
    }

    record RejoinRequest(@Nullable String service, @Nullable String node, @Nullable String reason) {}

    @PostMapping("/rejoins")
    @ResponseStatus(HttpStatus.ACCEPTED)
    Started rejoin(@RequestBody RejoinRequest request, Actor actor) {
        return new Started(operations.rejoin(request.service(), request.node(), request.reason(), actor));
    }
}
