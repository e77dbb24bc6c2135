package io.firedrill.plan;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the plan as a whole. */
final class RootReader {
    static final Keys KEYS = Keys.of("services", "stores", "encryption", "notify", "engine", "state");
    static final Keys ENCRYPTION_KEYS = Keys.of("keyFile");
    static final Keys NOTIFY_KEYS = Keys.of("slack").notYet("email");
    private static final String SERVICES_EXAMPLE =
            "services: {shop: {databases: {orders: %s}}}".formatted(DatabaseReader.EXAMPLE);
    private static final String STORES_EXAMPLE = "stores: {local: {path: /backups}}";
    private static final String NOTIFY_EXAMPLE = "notify: [{slack: secrets/slack-url}]";

    private RootReader() {}

    /**
     * What could be read; complete exactly when no mistake was reported.
     *
     * @param root of the file
     */
    static Optional<RecoveryPlan> read(Path file, String digest, Value root) {
        Section section = Section.open(root, "the plan", KEYS, SERVICES_EXAMPLE);
        Map<String, Service> services = section.required("services", "{shop: {databases: {…}}}")
                .map(value -> NamedEntries.read(
                        atLeastOne(value, SERVICES_EXAMPLE), "service", SERVICES_EXAMPLE, ServiceReader::read))
                .orElse(Map.of());
        Map<String, StorePlan> stores = section.required("stores", "{local: {path: /backups}}")
                .map(value -> NamedEntries.read(
                        atLeastOne(value, STORES_EXAMPLE), "store", STORES_EXAMPLE, StoreReader::read))
                .orElse(Map.of());
        Optional<EncryptionPlan> encryption = section.optional("encryption").flatMap(RootReader::encryption);
        List<NotifyTarget> targets =
                section.optional("notify").map(RootReader::targets).orElse(List.of());
        EnginePlan engine =
                section.optional("engine").flatMap(EngineReader::read).orElseGet(EnginePlan.Embedded::new);
        StatePlan state = section.optional("state").flatMap(RootReader::state).orElseGet(StatePlan.Embedded::new);
        if (services.isEmpty() || stores.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RecoveryPlan(file, digest, services, stores, encryption, targets, engine, state));
    }

    private static Value atLeastOne(Value value, String example) {
        if (value.isEmptyMap()) {
            value.mistake("'%s' is empty.".formatted(value.title()), "Write at least one: %s".formatted(example));
        }
        return value;
    }

    private static Optional<EncryptionPlan> encryption(Value value) {
        return Section.open(value, "encryption", ENCRYPTION_KEYS, "encryption: {keyFile: secrets/backup.key}")
                .required("keyFile", "secrets/backup.key")
                .flatMap(PlanFiles::key)
                .map(EncryptionPlan::new);
    }

    private static List<NotifyTarget> targets(Value value) {
        List<NotifyTarget> targets = new ArrayList<>();
        for (Value item : value.items(NOTIFY_EXAMPLE)) {
            Section section = Section.open(item, "a notify target", NOTIFY_KEYS, "- {slack: secrets/slack-url}");
            if (!section.has("email")) {
                section.required("slack", "secrets/slack-url, a file that holds the webhook's URL")
                        .flatMap(PlanFiles::webhook)
                        .ifPresent(file -> targets.add(new NotifyTarget.Slack(file)));
            }
        }
        return targets;
    }

    private static Optional<StatePlan> state(Value value) {
        return DatabaseReader.read("state", "the state database", value).map(StatePlan.External::new);
    }
}
