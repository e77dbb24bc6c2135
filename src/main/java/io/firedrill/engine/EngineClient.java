package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.firedrill.plan.EnginePlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;

/** Makes the Camunda client for what the plan says: gRPC with job streaming, REST for user tasks. */
public final class EngineClient {
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(20);

    private EngineClient() {}

    public static CamundaClient connect(EnginePlan engine) {
        return switch (engine) {
            case EnginePlan.Embedded embedded ->
                throw new IllegalArgumentException("the embedded broker's addresses are known only once it is started");
            case EnginePlan.Cluster cluster -> CamundaClient.newClientBuilder()
                    .applyEnvironmentVariableOverrides(false)
                    .grpcAddress(cluster.grpcAddress())
                    .restAddress(cluster.restAddress())
                    .preferRestOverGrpc(false)
                    .defaultJobWorkerStreamEnabled(true)
                    .defaultRequestTimeout(REQUEST_TIMEOUT)
                    .build();
            case EnginePlan.Saas saas -> CamundaClient.newCloudClientBuilder()
                    .withClusterId(saas.clusterId())
                    .withClientId(saas.clientId())
                    .withClientSecret(secret(saas))
                    .withRegion(saas.region())
                    .preferRestOverGrpc(false)
                    .defaultJobWorkerStreamEnabled(true)
                    .defaultRequestTimeout(REQUEST_TIMEOUT)
                    .build();
        };
    }

    private static String secret(EnginePlan.Saas saas) {
        try {
            return Files.readString(saas.clientSecretFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
