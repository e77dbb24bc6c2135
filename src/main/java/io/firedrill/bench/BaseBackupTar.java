package io.firedrill.bench;

import java.nio.file.Path;
import java.util.List;

/** {@code pg_basebackup -Ft -z} into a local folder. */
record BaseBackupTar(Workshop workshop) implements Contender {
    static final String ROW = "pg_basebackup -Ft -z";

    @Override
    public List<String> rows() {
        return List.of(ROW);
    }

    @Override
    public void run(Laps laps) {
        Path folder = workshop.empty("basebackup");
        Tools.run(Tools.command("pg_basebackup", "-Ft", "-z", "-c", "fast", "-D", folder.toString())
                .withEnvironment(workshop.login()));
        laps.done(ROW, Workshop.bytes(folder));
    }

    @Override
    public void tidy() {
        workshop.empty("basebackup");
    }
}
