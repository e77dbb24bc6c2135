package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Whatever people do to a good plan, they get a plan or a list of mistakes, in order and within the file. */
class SpoiltPlanTest {
    private static final String GOOD = """
        services:
          shop:
            objectives: &strict {rpo: 15m, rto: 1h30m}
            databases:
              orders: {url: "postgresql://fire%40drill@[::1]:5432/orders?sslmode=require", passwordFile: secrets/orders}
            files:
              uploads: {path: /data/files}
            checks:
              - {name: users exist, sql: "select count(*) > 0 from users", database: orders}
              - {name: front page, http: "http://127.0.0.1:8080/health", expect: 200, timeout: 5s}
              - {name: mounted, command: [test, -d, /data/files]}
            backups:
              - {kind: logical, schedule: "0 0 2 L * ?", keep: {days: 7, weeks: 4}}
              - {kind: files, schedule: "0 30 2 * * MON-FRI,SUN#1"}
            approvals: {approvers: 1, fourEyes: true, escalateAfter: 10m}
          desk: {objectives: {<<: *strict, rpo: 2h}, files: {a: {path: /desk}}}
        stores:
          local: {path: /backups}
          offsite: {s3: {bucket: abc, prefix: p/q, region: r, endpoint: "http://127.0.0.1:9000"}}
        encryption: {keyFile: secrets/backup.key}
        notify:
          - {slack: secrets/slack-url}
        engine: {grpc: "http://z:26500", rest: "http://z:8080"}
        state: {url: "postgresql://s@127.0.0.1/state"}
        """;

    private static PlanFolder plans;

    @BeforeContainer
    static void layOut() throws IOException {
        plans = PlanFolder.in(Files.createTempDirectory("plans"));
        assertThat(PlanReader.read(plans.plan(GOOD)).services()).hasSize(2);
    }

    @AfterContainer
    static void remove() throws IOException {
        try (Stream<Path> files = Files.walk(plans.folder())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Property(tries = 500)
    void aSpoiltPlanIsReadOrItsMistakesAreTold(@ForAll("spoilt") String text) throws IOException {
        try {
            PlanText.of(PlanReader.read(plans.plan(text)));
        } catch (PlanException e) {
            assertThat(e.mistakes())
                    .isNotEmpty()
                    .isSortedAccordingTo(Comparator.comparingInt(Mistake::line).thenComparingInt(Mistake::column));
            long lines = text.chars()
                    .filter(c -> c == '\n' || c == '\r' || c == 0x85 || c == 0x2028 || c == 0x2029)
                    .count();
            assertThat(e.mistakes()).allMatch(mistake -> mistake.line() >= 1 && mistake.line() <= lines + 1);
            assertThat(e.mistakes()).allMatch(mistake -> mistake.column() >= 1);
            assertThat(e).hasMessageNotContaining("tell-no-one");
        }
    }

    @Provide
    Arbitrary<String> spoilt() {
        Arbitrary<String> junk = Arbitraries.oneOf(
                Arbitraries.of(
                        "",
                        "\t",
                        "\n",
                        ":",
                        "- ",
                        "{",
                        "}",
                        "[",
                        "]",
                        "\"",
                        "'",
                        "&a ",
                        "*strict",
                        "<<: *strict",
                        "!",
                        "? ",
                        "#",
                        "|",
                        "~",
                        "%",
                        "%zz",
                        "0",
                        "@",
                        "/",
                        "?",
                        "=",
                        ",",
                        "null",
                        "=",
                        "!!int ",
                        "--- ",
                        "\u0000",
                        "\ud800",
                        "é"),
                Arbitraries.strings().ofMaxLength(5));
        return Combinators.combine(
                        Arbitraries.integers().between(0, GOOD.length()),
                        Arbitraries.integers().between(0, 30),
                        junk)
                .as(Spoiling::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(SpoiltPlanTest::spoil);
    }

    private record Spoiling(int from, int removed, String put) {}

    private static String spoil(List<Spoiling> spoilings) {
        String text = GOOD;
        for (Spoiling spoiling : spoilings) {
            int from = Math.min(spoiling.from, text.length());
            int to = Math.min(from + spoiling.removed, text.length());
            text = text.substring(0, from) + spoiling.put + text.substring(to);
        }
        // A lone surrogate cannot be in a UTF-8 file.
        return text.replaceAll("[\\ud800-\\udfff]", "\ufffd");
    }

    @Property
    void aDurationIsReadAsItIsWritten(@ForAll("durations") Duration duration) {
        assertThat(Durations.parse(Durations.format(duration))).contains(duration);
        assertThat(Durations.parse(duration.toString())).contains(duration);
    }

    @Provide
    Arbitrary<Duration> durations() {
        return Arbitraries.longs()
                .between(1, Duration.ofDays(3650).toMillis())
                .map(Duration::ofMillis)
                .flatMap(duration -> Arbitraries.of(duration, Duration.ofSeconds(Math.max(1, duration.toSeconds()))));
    }

    @Property
    void noTextMakesTheDurationOrScheduleReaderFail(@ForAll String text) {
        assertThat(Durations.parse(text))
                .satisfiesAnyOf(
                        duration -> assertThat(duration).isEmpty(),
                        duration -> assertThat(duration.orElseThrow()).isPositive());
        assertThat(Cron.problem(text)).isNotNull();
    }
}
