package io.firedrill.runbook;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which variables an expression reads: enough of FEEL for the expressions of our own files. */
final class Feel {
    private static final Pattern STRINGS = Pattern.compile("\"[^\"]*\"");
    private static final Pattern KEYS = Pattern.compile("([{,]\\s*)\\w+\\s*:");
    private static final Pattern LOOPS = Pattern.compile("(?:\\b(?:for|every|some)|,)\\s+(\\w+)\\s+in\\b");
    private static final Pattern NAMES = Pattern.compile("(?<![\\w.])[A-Za-z_]\\w*");
    /** A function's name touches its bracket; our expressions write words and operators with a space before one. */
    private static final Pattern CALLS = Pattern.compile("(?:(?:list|distinct|string) )?\\w+\\(");
    private static final Set<String> WORDS = Set.of(
            "if", "then", "else", "and", "or", "not", "for", "in", "return", "every", "some", "satisfies", "true", "false",
            "null", "item", "this");

    private Feel() {}

    /** Names of the variables read, without what the expression itself binds; a leading {@code =} is no part of it. */
    static Set<String> variables(String expression) {
        String text = STRINGS.matcher(expression).replaceAll(" ");
        text = KEYS.matcher(text).replaceAll("$1");
        Set<String> bound = new LinkedHashSet<>(WORDS);
        Matcher loops = LOOPS.matcher(text);
        while (loops.find()) {
            bound.add(loops.group(1));
        }
        Set<String> read = new LinkedHashSet<>();
        Matcher names = NAMES.matcher(CALLS.matcher(text).replaceAll("("));
        while (names.find()) {
            if (!bound.contains(names.group())) {
                read.add(names.group());
            }
        }
        return read;
    }
}
