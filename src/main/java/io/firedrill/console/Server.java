package io.firedrill.console;

import io.firedrill.engine.Home;
import io.firedrill.engine.Listening;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.plan.StatePlan;
import io.firedrill.tool.Ports;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The server: REST API, pages, workers and schedules in one process; any number of them share engine and state database. */
public final class Server {
    private Server() {}

    /**
     * Starts it and returns; it runs until the context is closed or the process is told to end.
     *
     * @param dist the folder that the build put the engine's distribution into
     * @param listening the port taken in the end is in {@code server.json}
     * @throws io.firedrill.plan.PlanException when the plan has mistakes; nothing was started
     */
    public static ConfigurableApplicationContext run(Path planFile, Path homeFolder, Path dist, Listening listening) {
        RecoveryPlan plan = PlanReader.read(planFile);
        Home home = new Home(homeFolder);
        return new SpringApplicationBuilder(ServerConfiguration.class)
                .bannerMode(Banner.Mode.OFF)
                .properties(properties(plan, home, listening))
                .initializers(context -> {
                    GenericApplicationContext generic = (GenericApplicationContext) context;
                    generic.registerBean(RecoveryPlan.class, () -> plan);
                    generic.registerBean(Home.class, () -> home);
                    generic.registerBean(Listening.class, () -> listening);
                    generic.registerBean("dist", Path.class, () -> dist);
                })
                .run();
    }

    private static Map<String, Object> properties(RecoveryPlan plan, Home home, Listening listening) {
        Map<String, Object> properties = new HashMap<>(Map.of(
                "server.address", listening.address(),
                "server.servlet.session.cookie.name", sessionCookie(plan, home),
                // Not in the machine's folder for passing files, where whoever is killed leaves it.
                "server.tomcat.basedir", home.folder().resolve("tomcat").toString(),
                "server.port", String.valueOf(Ports.isFree(listening.port()) ? listening.port() : 0)));
        if (!listening.proxies().isEmpty()) {
            properties.put("server.forward-headers-strategy", "native");
            properties.put("server.tomcat.remoteip.internal-proxies", listening.proxyPattern());
        }
        return properties;
    }

    /**
     * Browsers tell hosts apart, not ports: two installations on one host must not sign each other's people out. Servers that
     * share a state database share the name; NGINX knows no cookie with a hyphen in its name.
     */
    public static String sessionCookie(RecoveryPlan plan, Home home) {
        Object installation = plan.state() instanceof StatePlan.External external
                ? List.of(external.database().host(), external.database().port(), external.database().dbname())
                : home.folder();
        return "firedrill_" + Integer.toHexString(installation.hashCode());
    }
}
