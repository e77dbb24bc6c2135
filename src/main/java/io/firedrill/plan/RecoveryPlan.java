package io.firedrill.plan;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The recovery plan as written in {@code recovery-plan.yaml}, valid once it exists.
 *
 * @param file absolute path of the file it was read from; relative paths in it are relative to its folder
 * @param digest SHA-256 of the file's bytes, lower-case hex
 * @param services by name, in the file's order
 * @param stores by name, in the file's order; the first is where backups are written, the others get offsite copies
 * @param encryption absent: backups are stored unencrypted (plan check warns)
 * @param engine where the process engine is; {@link EnginePlan.Embedded} unless configured
 * @param state where the state database is; {@link StatePlan.Embedded} unless configured
 * @param timeZone in which schedules are meant; this machine's unless configured
 * @param audit how the audit trail's heads are anchored
 * @param alerts which alerts mean which service, in the file's order
 * @param console where people open the pages, and what balances them
 */
public record RecoveryPlan(
        Path file,
        String digest,
        Map<String, Service> services,
        Map<String, StorePlan> stores,
        Optional<EncryptionPlan> encryption,
        List<NotifyTarget> notifyTargets,
        EnginePlan engine,
        StatePlan state,
        ZoneId timeZone,
        AuditPlan audit,
        List<AlertRule> alerts,
        ConsolePlan console) {

    /** In this machine's time zone. */
    public RecoveryPlan(
            Path file,
            String digest,
            Map<String, Service> services,
            Map<String, StorePlan> stores,
            Optional<EncryptionPlan> encryption,
            List<NotifyTarget> notifyTargets,
            EnginePlan engine,
            StatePlan state) {
        this(file, digest, services, stores, encryption, notifyTargets, engine, state, ZoneId.systemDefault());
    }

    /** Of one server of Firedrill's own. */
    public RecoveryPlan(
            Path file,
            String digest,
            Map<String, Service> services,
            Map<String, StorePlan> stores,
            Optional<EncryptionPlan> encryption,
            List<NotifyTarget> notifyTargets,
            EnginePlan engine,
            StatePlan state,
            ZoneId timeZone) {
        this(file, digest, services, stores, encryption, notifyTargets, engine, state, timeZone, AuditPlan.DEFAULT, List.of(), ConsolePlan.NONE);
    }

    public RecoveryPlan {
        if (services.isEmpty() || stores.isEmpty()) {
            throw new IllegalArgumentException("A plan has at least one service and one store");
        }
        services = Collections.unmodifiableMap(new LinkedHashMap<>(services));
        stores = Collections.unmodifiableMap(new LinkedHashMap<>(stores));
        notifyTargets = List.copyOf(notifyTargets);
        alerts = List.copyOf(alerts);
    }

    /** The named service, or a failure listing the names there are. */
    public Service service(String name) {
        Service service = services.get(name);
        if (service == null) {
            throw UnknownName.failure("service", name, services.keySet()).lasting();
        }
        return service;
    }

    /** The store that backups are written to first. */
    public StorePlan primaryStore() {
        return stores.values().iterator().next();
    }

    /** The stores that get a copy of every backup, in the file's order; may be empty. */
    public List<StorePlan> offsiteStores() {
        return stores.values().stream().skip(1).toList();
    }
}
