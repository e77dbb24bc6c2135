package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A load balancer with sticky sessions before several servers that answer alike: a service's own (its sign-in tier, say), or
 * Firedrill's.
 *
 * @param control how a recovery takes the servers out and lets them in again; absent: it does not
 * @param backend what the balancer calls the servers together
 * @param servers their addresses, http; named by their order {@code BACKEND-1}, {@code BACKEND-2} …; may be empty when only
 *     {@code control} is wanted
 * @param listen host and port that people reach, {@code *} for every address
 * @param certificate on the balancer's host: certificate chain and private key; absent: no TLS here
 * @param health a path that answers 200 while a server wants requests
 * @param cookie the servers' own session cookie, which NGINX sticks to; HAProxy has one of its own
 */
public record LoadBalancer(
        Optional<Control> control,
        String backend,
        List<URI> servers,
        String listen,
        Optional<Path> certificate,
        String health,
        Optional<String> cookie) {
    public LoadBalancer {
        servers = List.copyOf(servers);
    }

    /** Which kind of balancer it is, and where it is told what to do. */
    public sealed interface Control {
        /** @param socket of HAProxy's runtime API, with level admin */
        record Haproxy(Path socket) implements Control {}

        /**
         * @param upstream the file that holds the one {@code upstream} block, which Firedrill may write
         * @param reload program and arguments that make NGINX read it again
         */
        record Nginx(Path upstream, List<String> reload) implements Control {
            public Nginx {
                reload = List.copyOf(reload);
            }
        }
    }

    /** The name of the server at this place, counted from 0. */
    public String nameOf(int place) {
        return backend + "-" + (place + 1);
    }
}
