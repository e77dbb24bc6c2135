package io.firedrill.demo;

import io.firedrill.engine.Home;
import java.nio.file.Path;

/** Where the demo's world lies, all below its home. */
record Places(Home home) {
    Path primary() {
        return home.folder().resolve("primary");
    }

    /** Where the primary's WAL lies when its disk shall be filled. */
    Path smallDisk() {
        return home.folder().resolve("wal-disk");
    }

    Path standby() {
        return home.folder().resolve("standby");
    }

    Path objectStore() {
        return home.folder().resolve("s3");
    }

    Path uploads() {
        return home.folder().resolve("uploads");
    }

    Path backups() {
        return home.folder().resolve("backups");
    }

    Path secrets() {
        return home.folder().resolve("secrets");
    }

    Path plan() {
        return home.folder().resolve("recovery-plan.yaml");
    }

    /** The incident's report in the format named by the ending. */
    Path report(String incident, String ending) {
        return home.folder().resolve("report-" + incident + "." + ending);
    }
}
