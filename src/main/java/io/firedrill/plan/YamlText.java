package io.firedrill.plan;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;
import org.yaml.snakeyaml.resolver.Resolver;

/** Turns a plan file's bytes into YAML nodes that carry their positions; nothing is constructed from them. */
final class YamlText {
    private static final int MAX_BYTES = 1 << 20;
    private static final int MAX_ALIASES = 50;
    private static final int MAX_DEPTH = 20;

    private final Path file;

    YamlText(Path file) {
        this.file = file;
    }

    /** The one document of the file; a syntax error is the only mistake reported, as YAML stops making sense there. */
    Node parse(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw refuse(1, 1, "The plan is larger than 1 MiB.", "Check that this is the plan file.");
        }
        String text = decode(bytes);
        Node root = compose(text);
        if (root == null) {
            throw refuse(1, 1, "The plan is empty.", "Write at least services and stores; see docs/plan-file.md.");
        }
        Mistakes mistakes = new Mistakes(file);
        new YamlRules(mistakes).check(root);
        mistakes.throwIfAny();
        return root;
    }

    private String decode(byte[] bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CharBuffer text = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, true);
        text.flip();
        if (result.isError()) {
            throw refuse(text, "This is not UTF-8 text.", "Save the plan as UTF-8.");
        }
        return text.toString();
    }

    private @Nullable Node compose(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setNestingDepthLimit(MAX_DEPTH);
        ParserImpl parser = null;
        try {
            parser = new ParserImpl(new StreamReader(text), options);
            return new Composer(parser, new Resolver(), options).getSingleNode();
        } catch (MarkedYAMLException e) {
            throw syntaxError(e);
        } catch (ReaderException e) {
            throw refuse(
                    text.substring(0, text.indexOf(e.getCodePoint())),
                    "A character that YAML does not allow: U+%04X.".formatted(e.getCodePoint()),
                    "Remove it.");
        } catch (YAMLException e) {
            throw tooDeepOrTooMany(e, parser);
        }
    }

    private PlanException syntaxError(MarkedYAMLException e) {
        Mark mark = e.getProblemMark() != null ? e.getProblemMark() : e.getContextMark();
        int line = mark.getLine() + 1;
        int column = mark.getColumn() + 1;
        String problem = e.getProblem() == null ? "" : e.getProblem();
        if (problem.contains("\\t")) {
            return refuse(line, column, "A tab stands where YAML wants spaces.", "Indent with spaces only.");
        }
        if (problem.startsWith("but found another document")) {
            return refuse(line, column, "A second document begins here.", "Write one plan per file; remove the '---'.");
        }
        if (problem.startsWith("Global tag")) {
            String tag = problem.substring(problem.lastIndexOf(' ') + 1);
            return refuse(line, column, "The tag %s is not used in plans.".formatted(tag), "Remove it.");
        }
        if (problem.startsWith("found undefined alias")) {
            return refuse(
                    line,
                    column,
                    "There is no anchor for this alias: %s.".formatted(problem),
                    "Write &name before *name.");
        }
        String context = e.getContext() == null ? "" : e.getContext() + ": ";
        return refuse(
                line,
                column,
                "This is not valid YAML: %s%s.".formatted(context, problem),
                "Check indentation, quotes, colons and brackets here and on the line before.");
    }

    private PlanException tooDeepOrTooMany(YAMLException e, @Nullable ParserImpl parser) {
        String what = String.valueOf(e.getMessage());
        if (what.startsWith("Nesting Depth")) {
            what = "Maps and lists are nested more than %d deep.".formatted(MAX_DEPTH);
        } else if (what.startsWith("Number of aliases")) {
            what = "More than %d aliases to maps or lists.".formatted(MAX_ALIASES);
        }
        Mark mark = parser == null ? null : parser.peekEvent().getStartMark();
        return refuse(
                mark == null ? 1 : mark.getLine() + 1,
                mark == null ? 1 : mark.getColumn() + 1,
                what,
                "Write the plan out more plainly; see docs/plan-file.md.");
    }

    /** Refuses what comes after {@code before}. */
    private PlanException refuse(CharSequence before, String what, String instead) {
        List<String> lines = before.toString().lines().toList();
        boolean atLineStart = before.isEmpty() || before.charAt(before.length() - 1) == '\n';
        int column = atLineStart
                ? 1
                : lines.getLast().codePointCount(0, lines.getLast().length()) + 1;
        return refuse(lines.size() + (atLineStart ? 1 : 0), column, what, instead);
    }

    private PlanException refuse(int line, int column, String what, String instead) {
        return new PlanException(List.of(new Mistake(file, line, column, what, instead)));
    }
}
