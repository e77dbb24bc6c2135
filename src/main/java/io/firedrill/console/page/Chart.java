package io.firedrill.console.page;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * Seconds over time against an objective, as the numbers of an SVG 1000 wide and 200 high, zero at the bottom.
 *
 * @param objectiveY where the objective's line lies; {@code topSeconds} what the upper edge stands for
 * @param line the points as an SVG {@code points} list
 */
public record Chart(List<Dot> dots, String line, long objectiveSeconds, double objectiveY, double topSeconds) {
    static final double WIDTH = 1000;
    static final double HEIGHT = 200;
    /** Room for the dots at both ends. */
    private static final double MARGIN = 20;

    private static final double HEADROOM = 1.15;

    /** @param met whether it is within the objective, and proven */
    public record Point(Instant at, double seconds, boolean met) {}

    public record Dot(double x, double y, Point point) {}

    /** @param points oldest first */
    static Chart of(List<Point> points, long objectiveSeconds) {
        double most = points.stream().mapToDouble(Point::seconds).max().orElse(0);
        double top = Math.max(1, Math.max(most, objectiveSeconds) * HEADROOM);
        List<Dot> dots = points.stream().map(point -> new Dot(x(points, point), y(point.seconds(), top), point)).toList();
        String line = dots.stream().map(dot -> String.format(Locale.ROOT, "%.1f,%.1f", dot.x(), dot.y())).collect(Collectors.joining(" "));
        return new Chart(dots, line, objectiveSeconds, y(objectiveSeconds, top), top);
    }

    private static double x(List<Point> points, Point point) {
        double all = Duration.between(points.getFirst().at(), points.getLast().at()).toMillis();
        double since = Duration.between(points.getFirst().at(), point.at()).toMillis();
        return all <= 0 ? WIDTH / 2 : MARGIN + (WIDTH - 2 * MARGIN) * since / all;
    }

    private static double y(double seconds, double top) {
        return Math.round((HEIGHT - HEIGHT * seconds / top) * 10) / 10.0;
    }

    public boolean empty() {
        return dots.isEmpty();
    }

    public Point newest() {
        return dots.getLast().point();
    }

    public long missed() {
        return dots.stream().filter(dot -> !dot.point().met()).count();
    }
}
