package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.ClientException;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.EnginePlan;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the engine and deploys what comes with Firedrill, so that the server is of use while the engine starts. */
public final class EngineStartup implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EngineStartup.class);
    private static final long PAUSE_MILLIS = 300;

    private final CamundaClient client;
    private final Runs runs;
    private final EnginePlan engine;
    private final Thread thread;
    private volatile boolean deployed;
    private volatile String version = "";

    public EngineStartup(CamundaClient client, Runs runs, EnginePlan engine, List<Runnable> afterDeployment) {
        this.client = client;
        this.runs = runs;
        this.engine = engine;
        this.thread = Thread.ofPlatform().daemon().name("engine-startup").start(() -> deployWhenReady(afterDeployment));
    }

    /** {@code starting} until everything is deployed; then {@code up} or {@code down}. */
    public String state() {
        if (!deployed) {
            return "starting";
        }
        return runs.ready() ? "up" : "down";
    }

    public String address() {
        return switch (engine) {
            case EnginePlan.Cluster cluster -> cluster.grpcAddress().toString();
            case EnginePlan.Saas saas -> "Camunda SaaS cluster " + saas.clusterId() + " in " + saas.region();
            case EnginePlan.Embedded embedded -> "embedded";
        };
    }

    public String version() {
        return version;
    }

    private void deployWhenReady(List<Runnable> afterDeployment) {
        while (!deployed) {
            try {
                Thread.sleep(PAUSE_MILLIS);
                if (runs.ready()) {
                    Deployment.deploy(client);
                    afterDeployment.forEach(Runnable::run);
                    version = runs.version();
                    deployed = true;
                    LOG.info("engine {} is ready at {}", version, address());
                }
            } catch (InterruptedException e) {
                return;
            } catch (ClientException | FailureException e) {
                LOG.warn("deployment will be tried again: {}", e.getMessage());
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
