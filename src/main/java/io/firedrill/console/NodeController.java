package io.firedrill.console;

import org.springframework.boot.availability.ApplicationAvailability;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /api/node}: this one server among several. Draining turns {@code /actuator/health/readiness} to 503, so that
 * load balancers send it nobody any more; it goes on answering, and its workers go on working.
 */
@RestController
@RequestMapping("/api/node")
final class NodeController {
    private final ApplicationAvailability availability;
    private final ApplicationEventPublisher events;

    NodeController(ApplicationAvailability availability, ApplicationEventPublisher events) {
        this.availability = availability;
        this.events = events;
    }

    record Node(boolean draining) {}

    @GetMapping
    Node node() {
        return new Node(availability.getReadinessState() == ReadinessState.REFUSING_TRAFFIC);
    }

    @PostMapping("/drain")
    Node drain() {
        return become(ReadinessState.REFUSING_TRAFFIC);
    }

    @PostMapping("/enable")
    Node enable() {
        return become(ReadinessState.ACCEPTING_TRAFFIC);
    }

    private Node become(ReadinessState state) {
        AvailabilityChangeEvent.publish(events, this, state);
        return node();
    }
}
