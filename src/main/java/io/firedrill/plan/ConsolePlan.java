package io.firedrill.plan;

import java.net.URI;
import java.util.Optional;

/**
 * Firedrill's own pages.
 *
 * @param address where people open them; empty: messages hold no links
 * @param balancer the load balancer before Firedrill's own servers; empty when there is one server alone
 * @param oidc who vouches for people besides Firedrill's own accounts; needs the address
 */
public record ConsolePlan(Optional<URI> address, Optional<LoadBalancer> balancer, Optional<OidcPlan> oidc) {
    public static final ConsolePlan NONE = new ConsolePlan(Optional.empty(), Optional.empty());

    public ConsolePlan(Optional<URI> address, Optional<LoadBalancer> balancer) {
        this(address, balancer, Optional.empty());
    }
}
