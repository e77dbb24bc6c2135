package io.firedrill.terminal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where a command writes. Colours and the line that overwrites itself only appear on a real terminal, and colours only
 * while {@code NO_COLOR} is unset. Safe for use by several threads.
 */
public final class Terminal {
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final BufferedReader in;
    private final PrintStream out;
    private final boolean live;
    private final boolean coloured;
    private final int width;
    private boolean statusShown;

    /**
     * @param live whether {@code out} is a terminal, on which a line may be overwritten
     * @param coloured whether to use colours
     * @param width columns that a status line may fill
     */
    public Terminal(BufferedReader in, PrintStream out, boolean live, boolean coloured, int width) {
        this.in = in;
        this.out = out;
        this.live = live;
        this.coloured = coloured;
        this.width = width;
    }

    /** The process's own standard output. */
    public static Terminal onStandardOutput() {
        return system(System.out, "out");
    }

    /** The process's own standard error, for what people read while standard output carries JSON. */
    public static Terminal onStandardError() {
        return system(System.err, "err");
    }

    private static Terminal system(PrintStream stream, String name) {
        boolean live = isTerminal(name);
        String noColour = System.getenv("NO_COLOR");
        return new Terminal(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)),
                stream,
                live,
                live && (noColour == null || noColour.isEmpty()),
                Optional.ofNullable(System.getenv("COLUMNS"))
                        .filter(columns -> columns.matches("\\d{2,4}"))
                        .map(Integer::parseInt)
                        .orElse(100));
    }

    /** The launcher tells which streams are a terminal ({@code in,out,err}). */
    private static boolean isTerminal(String stream) {
        return Arrays.asList(System.getProperty("firedrill.terminals", "").split(",")).contains(stream);
    }

    public synchronized void line(String text) {
        eraseStatus();
        out.println(text);
        out.flush();
    }

    public void lines(List<String> lines) {
        lines.forEach(this::line);
    }

    public void blank() {
        line("");
    }

    /** A line that the next one overwrites; nothing when this is not a terminal. */
    public synchronized void status(String text) {
        if (live) {
            out.print(ERASE_LINE + (text.length() < width ? text : text.substring(0, width - 1)));
            out.flush();
            statusShown = true;
        }
    }

    public synchronized void eraseStatus() {
        if (statusShown) {
            out.print(ERASE_LINE);
            statusShown = false;
        }
    }

    /** Whether status lines are visible; when not, long work tells its progress in lines of its own. */
    public boolean live() {
        return live;
    }

    /** Asks and reads one line; empty at the end of the input. */
    public Optional<String> ask(String question) {
        synchronized (this) {
            eraseStatus();
            out.print(question);
            out.flush();
        }
        try {
            return Optional.ofNullable(in.readLine()).map(String::strip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public String bold(String text) {
        return styled("1", text);
    }

    public String dim(String text) {
        return styled("2", text);
    }

    public String red(String text) {
        return styled("31", text);
    }

    public String green(String text) {
        return styled("32", text);
    }

    public String yellow(String text) {
        return styled("33", text);
    }

    private String styled(String code, String text) {
        return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
