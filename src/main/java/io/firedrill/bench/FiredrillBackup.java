package io.firedrill.bench;

import java.util.List;

/**
 * Firedrill's backups, by {@link Pipeline} in a Java of its own with a heap of 512 MiB that has taken one such backup already:
 * backups are taken by a server that runs.
 *
 * @param kind {@code logical} or {@code physical}
 */
record FiredrillBackup(Workshop workshop, String kind, PipelineProcess pipeline) implements Contender {
    private static final String PREFIX = "firedrill";

    FiredrillBackup(Workshop workshop, String kind) {
        this(workshop, kind, new PipelineProcess(workshop.plan()));
    }

    static String sealed(String kind) {
        return "Firedrill %s, sealed on S3".formatted(kind);
    }

    static String checked(String kind) {
        return "Firedrill %s, sealed and read back".formatted(kind);
    }

    @Override
    public List<String> rows() {
        return List.of(sealed(kind), checked(kind));
    }

    @Override
    public void prepare() {
        pipeline.start();
        pipeline.backup(kind, (stage, bytes) -> {});
        workshop.removeStored(PREFIX);
    }

    @Override
    public void run(Laps laps) {
        pipeline.backup(kind, (stage, bytes) -> laps.done(stage.equals(Pipeline.CHECKED) ? checked(kind) : sealed(kind), bytes));
    }

    @Override
    public void tidy() {
        pipeline.end();
        workshop.removeStored(PREFIX);
    }

    /** Another backup, which the prepared one is there for to build upon, after something changed. */
    Contender second(String row, Runnable change) {
        return new Contender() {
            @Override
            public List<String> rows() {
                return List.of(row);
            }

            @Override
            public void prepare() {
                pipeline.start();
                pipeline.backup(kind, (stage, bytes) -> {});
                change.run();
            }

            @Override
            public void run(Laps laps) {
                pipeline.backup(kind, (stage, bytes) -> {
                    if (stage.equals(Pipeline.SEALED)) {
                        laps.done(row, bytes);
                    }
                });
            }

            @Override
            public void tidy() {
                FiredrillBackup.this.tidy();
            }
        };
    }
}
