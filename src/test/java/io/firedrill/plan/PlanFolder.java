package io.firedrill.plan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** A folder with the files that plans in the tests name, as a person would lay it out. */
record PlanFolder(Path folder) {
    static PlanFolder in(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("secrets"));
        PlanFolder plans = new PlanFolder(folder.toRealPath());
        plans.file("secrets/orders", "tell-no-one\n");
        plans.file("secrets/state", "tell-no-one\n");
        plans.file("secrets/camunda", "tell-no-one\n");
        plans.file("secrets/oidc", "tell-no-one\n");
        plans.file("secrets/aws-credentials", "[default]\naws_access_key_id=a\naws_secret_access_key=b\n");
        plans.file("secrets/slack-url", "https://hooks.example.org/services/tell-no-one\n");
        plans.file("secrets/root.crt", "-----BEGIN CERTIFICATE-----\n");
        plans.file("secrets/backup.key", "# created: 2026-11-23\nAGE-SECRET-KEY-1TELLNOONE\n");
        return plans;
    }

    Path plan(String text) throws IOException {
        return file("recovery-plan.yaml", text);
    }

    /** Readable by its owner only. */
    Path file(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        return file;
    }
}
