package io.firedrill.drill;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.history.History;
import io.firedrill.history.RunDetail;
import io.firedrill.history.report.DrillReport;
import io.firedrill.history.report.DrillReport.ManifestCopy;
import io.firedrill.plan.Check;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.recovery.RestorePlan;
import io.firedrill.store.BackupId;
import io.firedrill.store.Manifests;
import io.firedrill.store.Stores;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * What an auditor gets of a drill: a folder {@code DRILL-…} with {@code report.md}, {@code report.html},
 * {@code report.pdf}, {@code run.json} (every step and variable), {@code manifests/ID.json} as they lie in the store and {@code SHA256SUMS} over all of them, and
 * the same as {@code DRILL-….zip} beside it. Written anew as a whole each time.
 */
public final class EvidencePack {
    private static final JsonMapper JSON = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final String SUMS = "SHA256SUMS";

    private final RecoveryPlan plan;
    private final Stores stores;
    private final History history;
    private final Path folder;
    private final Clock clock;

    /** @param folder packs are made in it */
    public EvidencePack(RecoveryPlan plan, Stores stores, History history, Path folder, Clock clock) {
        this.plan = plan;
        this.stores = stores;
        this.history = history;
        this.folder = folder;
        this.clock = clock;
    }

    Path write(long run, String drill, String service, @Nullable RestorePlan what, DrillResult result) {
        RunDetail detail = history.run(run).orElseThrow(() -> behind(drill));
        Map<String, byte[]> files = new LinkedHashMap<>();
        List<ManifestCopy> manifests = new ArrayList<>();
        used(what).forEach((backup, store) -> manifest(store, backup).ifPresent(text -> {
            String file = "manifests/" + backup + ".json";
            files.put(file, text);
            manifests.add(new ManifestCopy(file, backup, sha256(text)));
        }));
        DrillReport report = DrillReport.of(
                detail,
                new DrillReport.Outcome(drill, result.proven(), result.rtoSeconds() > 0 ? (Double) result.rtoSeconds() : null,
                        result.rtoSeconds() > 0 ? (Double) result.rpoSeconds() : null, result.failure(), excluded(service), manifests),
                clock.instant());
        files.put("report.md", report.markdown().getBytes(StandardCharsets.UTF_8));
        files.put("report.html", report.html().getBytes(StandardCharsets.UTF_8));
        files.put("report.pdf", report.pdf());
        files.put("run.json", JSON.writeValueAsBytes(detail));
        StringBuilder sums = new StringBuilder();
        files.forEach((name, bytes) -> sums.append(sha256(bytes)).append("  ").append(name).append('\n'));
        files.put(SUMS, sums.toString().getBytes(StandardCharsets.UTF_8));
        return store(drill, files);
    }

    private static FailureException behind(String drill) {
        return new Failure(
                        "history-behind",
                        "The history does not know the run of %s yet.".formatted(drill),
                        "The drill itself is done and torn down; only its evidence waits.",
                        "Wait; if it stays, look whether the exporter is loaded in the engine: docs/history.md")
                .passing();
    }

    /** Store by backup. */
    private static Map<String, String> used(@Nullable RestorePlan what) {
        Map<String, String> used = new LinkedHashMap<>();
        if (what != null) {
            what.databases().forEach(target -> used.put(target.backup(), target.store()));
            what.fileSets().forEach(target -> used.put(target.backup(), target.store()));
        }
        return used;
    }

    /** A manifest that cannot be read any more is why a drill may have failed; its report must be written all the same. */
    private Optional<byte[]> manifest(String store, String backup) {
        try {
            return Manifests.text(stores.byName(store), new BackupId(backup));
        } catch (FailureException e) {
            return Optional.empty();
        }
    }

    private List<String> excluded(String service) {
        List<String> excluded = new ArrayList<>(List.of(
                "Diagnosis and approvals: nothing is damaged, and nothing that exists is changed.",
                "Fencing, cut-over and unfencing: the service is never touched by a drill."));
        Optional.ofNullable(plan.services().get(service)).stream()
                .flatMap(of -> of.checks().stream())
                .filter(check -> !(check instanceof Check.Sql))
                .forEach(check -> excluded.add("Check '%s': it asks the running service, not a restored copy.".formatted(check.name())));
        return excluded;
    }

    private Path store(String drill, Map<String, byte[]> files) {
        Path pack = folder.resolve(drill);
        try {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                Path path = pack.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.write(path, file.getValue());
            }
            Path zip = folder.resolve(drill + ".zip");
            Path unfinished = folder.resolve(drill + ".zip.new");
            try (OutputStream out = Files.newOutputStream(unfinished); ZipOutputStream zipped = new ZipOutputStream(out)) {
                for (Map.Entry<String, byte[]> file : files.entrySet()) {
                    zipped.putNextEntry(new ZipEntry(drill + "/" + file.getKey()));
                    zipped.write(file.getValue());
                    zipped.closeEntry();
                }
            }
            Files.move(unfinished, zip, StandardCopyOption.ATOMIC_MOVE);
            return pack;
        } catch (IOException e) {
            throw new Failure("evidence-unwritable", "The evidence of %s cannot be written to %s: %s.".formatted(drill, folder, e),
                            "The drill itself is done and torn down.", "Let the user that runs Firedrill write there.")
                    .passing(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
