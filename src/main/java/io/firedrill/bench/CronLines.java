package io.firedrill.bench;

import io.firedrill.demo.ObjectStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What a crontab usually has: {@code pg_dump -Fc} to a file, then {@code aws s3 cp}. */
record CronLines(Workshop workshop) implements Contender {
    static final String ROW = "pg_dump -Fc, then aws s3 cp";
    private static final String PREFIX = "cron";

    @Override
    public List<String> rows() {
        return List.of(ROW);
    }

    @Override
    public void run(Laps laps) {
        Path dump = workshop.empty("dump").resolve("shop.dump");
        Tools.run(Tools.command("pg_dump", "-Fc", "-f", dump.toString()).withEnvironment(workshop.login()));
        ObjectStore store = workshop.objectStore();
        Tools.run(Tools.aws("s3", "cp", "--only-show-errors", "--endpoint-url", "http://127.0.0.1:" + store.port(),
                        dump.toString(), "s3://%s/%s/shop.dump".formatted(ObjectStore.BUCKET, PREFIX))
                .withEnvironment(Map.of(
                        "AWS_ACCESS_KEY_ID", store.accessKey(),
                        "AWS_SECRET_ACCESS_KEY", store.secretKey(),
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "AWS_EC2_METADATA_DISABLED", "true",
                        "AWS_CONFIG_FILE", "/dev/null")));
        laps.done(ROW, workshop.stored(PREFIX));
    }

    @Override
    public void tidy() {
        workshop.empty("dump");
        workshop.removeStored(PREFIX);
    }
}
