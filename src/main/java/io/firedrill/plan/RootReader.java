package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the plan as a whole. */
final class RootReader {
    static final Keys KEYS = Keys.of("services", "stores", "encryption", "notify", "engine", "state", "timeZone", "audit", "alerts", "console");
    static final Keys AUDIT_KEYS = Keys.of("anchorEvery", "lockAnchors", "keyFile");
    static final Keys ENCRYPTION_KEYS = Keys.of("keyFile", "kms");
    static final Keys KMS_KEYS = Keys.of("keyId", "region", "endpoint", "credentialsFile");
    private static final String SERVICES_EXAMPLE =
            "services: {shop: {databases: {orders: %s}}}".formatted(DatabaseReader.EXAMPLE);
    private static final String STORES_EXAMPLE = "stores: {local: {path: /backups}}";

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
                section.optional("notify").map(NotifyReader::read).orElse(List.of());
        EnginePlan engine =
                section.optional("engine").flatMap(EngineReader::read).orElseGet(EnginePlan.Embedded::new);
        StatePlan state = section.optional("state").flatMap(RootReader::state).orElseGet(StatePlan.Embedded::new);
        ZoneId timeZone = section.optional("timeZone").flatMap(RootReader::timeZone).orElseGet(ZoneId::systemDefault);
        AuditPlan audit = section.optional("audit").map(RootReader::audit).orElse(AuditPlan.DEFAULT);
        List<AlertRule> alerts = section.optional("alerts").map(value -> AlertReader.read(value, section.optional("services"))).orElse(List.of());
        ConsolePlan console = section.optional("console").map(LoadBalancerReader::console).orElse(ConsolePlan.NONE);
        if (services.isEmpty() || stores.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new RecoveryPlan(file, digest, services, stores, encryption, targets, engine, state, timeZone, audit, alerts, console));
    }

    private static Value atLeastOne(Value value, String example) {
        if (value.isEmptyMap()) {
            value.mistake("'%s' is empty.".formatted(value.title()), "Write at least one: %s".formatted(example));
        }
        return value;
    }

    private static Optional<EncryptionPlan> encryption(Value value) {
        Section section = Section.open(value, "encryption", ENCRYPTION_KEYS, "encryption: {keyFile: secrets/backup.key}");
        if (section.isMap() && !section.has("keyFile") && !section.has("kms")) {
            section.mistake(
                    "Encryption has neither 'keyFile' nor 'kms'.",
                    "Add keyFile: secrets/backup.key, or kms: {keyId: alias/backups, region: eu-central-1}");
        }
        Optional<Path> keyFile = section.optional("keyFile").flatMap(PlanFiles::key);
        Optional<EncryptionPlan.Kms> kms = section.optional("kms").flatMap(RootReader::kms);
        return keyFile.isEmpty() && kms.isEmpty() ? Optional.empty() : Optional.of(new EncryptionPlan(keyFile, kms));
    }

    private static Optional<EncryptionPlan.Kms> kms(Value value) {
        Section section = Section.open(value, "kms", KMS_KEYS, "kms: {keyId: alias/backups, region: eu-central-1}");
        Optional<String> keyId = section.required("keyId", "alias/backups").flatMap(Value::text);
        Optional<String> region = section.required("region", "eu-central-1").flatMap(Value::text);
        Optional<URI> endpoint = section.optional("endpoint")
                .flatMap(address -> WebAddress.read(address, "https://kms.example.org"));
        Optional<Path> credentials = section.optional("credentialsFile").flatMap(PlanFiles::existing);
        return keyId.filter(id -> region.isPresent())
                .map(id -> new EncryptionPlan.Kms(id, region.get(), endpoint, credentials));
    }

    /** Where people open the pages. */
    private static AuditPlan audit(Value value) {
        Section section = Section.open(value, "audit", AUDIT_KEYS, "audit: {anchorEvery: 1h, lockAnchors: 365d}");
        return new AuditPlan(
                section.optional("anchorEvery").flatMap(Value::duration).orElse(AuditPlan.DEFAULT.anchorEvery()),
                section.optional("lockAnchors").flatMap(Value::duration),
                section.optional("keyFile").flatMap(PlanFiles::existing));
    }

    /** A region, whose rules know when clocks change; an offset or an abbreviation does not. */
    private static Optional<ZoneId> timeZone(Value value) {
        return value.text().flatMap(name -> {
            boolean known = ZoneId.getAvailableZoneIds().contains(name) && (name.contains("/") || name.equals("UTC"));
            if (!known) {
                value.mistake(
                        "There is no time zone '%s'.".formatted(name),
                        "Write a region of the time zone database, e.g. Europe/Berlin, or UTC.");
            }
            return known ? Optional.of(ZoneId.of(name)) : Optional.empty();
        });
    }

    private static Optional<StatePlan> state(Value value) {
        return DatabaseReader.read("state", "the state database", value).map(StatePlan.External::new);
    }
}
