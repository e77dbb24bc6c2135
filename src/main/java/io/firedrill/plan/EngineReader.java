package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** Reads {@code engine}. */
final class EngineReader {
    private static final String CLUSTER_EXAMPLE = "engine: {grpc: \"http://zeebe:26500\", rest: \"http://zeebe:8080\"}";
    private static final String SAAS_EXAMPLE =
            "saas: {clusterId: ID, region: bru-2, clientId: ID, clientSecretFile: secrets/camunda}";
    static final Keys KEYS = Keys.of("grpc", "rest", "saas");
    static final Keys SAAS_KEYS = Keys.of("clusterId", "region", "clientId", "clientSecretFile");

    private EngineReader() {}

    static Optional<EnginePlan> read(Value value) {
        Section section = Section.open(value, "the engine", KEYS, CLUSTER_EXAMPLE);
        boolean addressed = section.has("grpc") || section.has("rest");
        if (!section.has("saas")) {
            return cluster(section);
        }
        if (addressed) {
            section.mistake("The engine has both saas and an address.", "Keep saas, or grpc and rest.");
        }
        return section.optional("saas").flatMap(EngineReader::saas);
    }

    private static Optional<EnginePlan> cluster(Section section) {
        Optional<URI> grpc = section.required("grpc", "\"http://zeebe:26500\"")
                .flatMap(value -> WebAddress.read(value, "http://zeebe:26500, or https:// for TLS"));
        Optional<URI> rest = section.required("rest", "\"http://zeebe:8080\"")
                .flatMap(value -> WebAddress.read(value, "http://zeebe:8080, or https:// for TLS"));
        return grpc.flatMap(one -> rest.map(other -> new EnginePlan.Cluster(one, other)));
    }

    private static Optional<EnginePlan> saas(Value value) {
        Section section = Section.open(value, "saas", SAAS_KEYS, SAAS_EXAMPLE);
        Optional<String> cluster =
                section.required("clusterId", "the cluster's id").flatMap(Value::text);
        Optional<String> region =
                section.required("region", "the cluster's region, e.g. bru-2").flatMap(Value::text);
        Optional<String> client =
                section.required("clientId", "the API client's id").flatMap(Value::text);
        Optional<Path> secret = section.required(
                        "clientSecretFile", "the path of a file that holds the API client's secret")
                .flatMap(PlanFiles::existing);
        return cluster.flatMap(id -> region.flatMap(
                where -> client.flatMap(who -> secret.map(file -> new EnginePlan.Saas(id, where, who, file)))));
    }
}
