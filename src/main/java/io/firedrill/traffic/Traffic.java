package io.firedrill.traffic;

import io.firedrill.plan.LoadBalancer;
import io.firedrill.plan.LoadBalancer.Control;
import io.firedrill.plan.TrafficPlan;
import io.firedrill.tool.PgBouncerConsole;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds up what leads to a service, and lets it go on. Both may be called again, at once or after a crash half-way. Load
 * balancers first when holding, as their servers then finish by themselves; last when releasing, as they want databases.
 */
public final class Traffic {
    private final TrafficPlan plan;

    public Traffic(TrafficPlan plan) {
        this.plan = plan;
    }

    /** What was done, in a few words each; empty when the plan names nothing. */
    public List<String> hold() {
        List<String> done = new ArrayList<>();
        plan.loadBalancer().ifPresent(balancer -> balancer.control().ifPresent(control -> done.add(hold(balancer, control))));
        plan.pgbouncer().ifPresent(pool -> pool.databases().forEach(database -> {
            boolean cut = new PgBouncerConsole(pool.console()).pause(database, pool.patience());
            done.add("pgbouncer's %s paused%s".formatted(database, cut ? ", its connections cut" : ""));
        }));
        return done;
    }

    private static String hold(LoadBalancer balancer, Control control) {
        return switch (control) {
            case Control.Haproxy haproxy ->
                "%d servers of %s drained in HAProxy".formatted(new HaproxyRuntime(haproxy.socket(), balancer.backend()).hold(), balancer.backend());
            case Control.Nginx nginx -> {
                new NginxUpstream(nginx).hold();
                yield "%s taken down in NGINX".formatted(balancer.backend());
            }
        };
    }

    /** As {@link #hold}. */
    public List<String> release() {
        List<String> done = new ArrayList<>();
        plan.pgbouncer().ifPresent(pool -> pool.databases().forEach(database -> {
            new PgBouncerConsole(pool.console()).resume(database);
            done.add("pgbouncer's %s resumed".formatted(database));
        }));
        plan.loadBalancer().ifPresent(balancer -> balancer.control().ifPresent(control -> done.add(release(balancer, control))));
        return done;
    }

    private static String release(LoadBalancer balancer, Control control) {
        return switch (control) {
            case Control.Haproxy haproxy ->
                "%d servers of %s enabled in HAProxy".formatted(new HaproxyRuntime(haproxy.socket(), balancer.backend()).release(), balancer.backend());
            case Control.Nginx nginx -> {
                new NginxUpstream(nginx).release();
                yield "%s enabled in NGINX".formatted(balancer.backend());
            }
        };
    }
}
