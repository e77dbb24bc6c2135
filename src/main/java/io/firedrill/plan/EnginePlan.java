package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;

/** Where the process engine is. */
public sealed interface EnginePlan {
    /** A Zeebe broker that {@code up} starts beside the server: for laptops, drills and tests. */
    record Embedded() implements EnginePlan {}

    /** A self-managed Camunda 8.6+ cluster. {@code http} for plaintext, {@code https} for TLS. */
    record Cluster(URI grpcAddress, URI restAddress) implements EnginePlan {}

    /** Camunda 8 SaaS. {@code clientSecretFile} holds the secret alone. */
    record Saas(String clusterId, String region, String clientId, Path clientSecretFile) implements EnginePlan {}
}
