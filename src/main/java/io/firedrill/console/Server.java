package io.firedrill.console;

import io.firedrill.engine.Home;
import io.firedrill.engine.Ports;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.RecoveryPlan;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** The server: REST API, workers and schedules in one process, bound to 127.0.0.1. */
public final class Server {
    private Server() {}

    /**
     * Starts it and returns; it runs until the context is closed or the process is told to end.
     *
     * @param dist the folder that the build put the engine's distribution into
     * @param port taken when free, another one otherwise; the one taken is in {@code server.json}
     * @throws io.firedrill.plan.PlanException when the plan has mistakes; nothing was started
     */
    public static ConfigurableApplicationContext run(Path planFile, Path homeFolder, Path dist, int port) {
        RecoveryPlan plan = PlanReader.read(planFile);
        Home home = new Home(homeFolder);
        return new SpringApplicationBuilder(ServerConfiguration.class)
                .bannerMode(Banner.Mode.OFF)
                .properties(Map.of(
                        "server.address", "127.0.0.1",
                        "server.port", String.valueOf(Ports.isFree(port) ? port : 0)))
                .initializers(context -> {
                    GenericApplicationContext generic = (GenericApplicationContext) context;
                    generic.registerBean(RecoveryPlan.class, () -> plan);
                    generic.registerBean(Home.class, () -> home);
                    generic.registerBean("dist", Path.class, () -> dist);
                })
                .run();
    }
}
