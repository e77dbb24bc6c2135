package io.firedrill.cli;

import io.firedrill.terminal.Terminal;
import io.firedrill.tool.Progress;
import io.firedrill.tool.Words;
import java.time.Duration;
import java.util.Locale;

/** How far long work is, on a line that the next one overwrites; without a terminal, a line now and then. */
final class ProgressLine implements Progress {
    private static final long LIVE_NANOS = Duration.ofMillis(200).toNanos();
    private static final long PLAIN_NANOS = Duration.ofSeconds(10).toNanos();

    private final Terminal terminal;
    private String what = "";
    private long began = System.nanoTime();
    private long told = System.nanoTime();

    ProgressLine(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public synchronized void at(String now, long done, long total, String unit) {
        long at = System.nanoTime();
        if (!now.equals(what)) {
            what = now;
            began = at;
        }
        if (at - told > (terminal.live() ? LIVE_NANOS : PLAIN_NANOS)) {
            told = at;
            String line = line(done, total, unit, (at - began) / 1e9);
            if (terminal.live()) {
                terminal.status(line);
            } else {
                terminal.line(line);
            }
        }
    }

    private String line(long done, long total, String unit, double seconds) {
        String text = what + ": " + amount(done, unit) + (total > 0 ? " of " + amount(total, unit) : "");
        if (seconds < 1 || done <= 0) {
            return text;
        }
        double rate = done / seconds;
        text += ", %s/s".formatted(amount(Math.round(rate), unit));
        return total > done ? text + ", %s left".formatted(Words.of(Duration.ofSeconds(Math.round((total - done) / rate) + 1))) : text;
    }

    private static String amount(long number, String unit) {
        return unit.equals("bytes") ? Words.bytes(number) : String.format(Locale.ROOT, "%,d %s", number, unit);
    }
}
