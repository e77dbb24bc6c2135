package io.firedrill.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Holds docs/command-line.md to the commands as they are, and the commands to the page. */
class CommandLineDocTest {
    private static final Set<String> EVERYWHERE = Set.of("--help", "--version");
    private static final Set<String> ASKING = Set.of("--server", "--token-file", "--as", "--json");
    /** The launcher's own, which Java never sees. */
    private static final String LAUNCHERS = "firedrill test";

    private static String page;
    private static Map<String, String> sections;

    @BeforeAll
    static void read() throws IOException {
        page = Files.readString(Path.of("docs/command-line.md"));
        sections = new TreeMap<>();
        Matches.of("(?ms)^### `(firedrill[^`]*)`\n(.*?)(?=^##|\\z)", page).forEach(found -> sections.put(found.group(1), found.group(2)));
    }

    @Test
    void everyCommandHasItsSectionNamedByWhatIsTypedAndTheReverse() {
        Set<String> real = commands().keySet().stream().collect(Collectors.toCollection(TreeSet::new));
        real.add(LAUNCHERS);
        assertThat(sections.keySet()).containsExactlyInAnyOrderElementsOf(real);
    }

    @Test
    void everyOptionIsInItsCommandsTableAndTheReverse() {
        commands().forEach((typed, command) -> {
            Set<String> own = options(command);
            if (asksServer(command)) {
                own.removeAll(ASKING);
            }
            assertThat(tabled(section(typed))).as(typed).containsExactlyInAnyOrderElementsOf(own);
        });
    }

    @Test
    void commandsThatAskTheServerSaySoAndOthersDoNot() {
        commands().forEach((typed, command) ->
                assertThat(section(typed).contains("*Asks the server.*")).as(typed).isEqualTo(asksServer(command)));
        assertThat(tabled(page.substring(page.indexOf("## Options of commands"), page.indexOf("## Trying it"))))
                .containsExactlyInAnyOrderElementsOf(ASKING);
    }

    @Test
    void everyOptionNamedAnywhereInTheTextIsOneOfThatCommand() {
        commands().forEach((typed, command) -> {
            Set<String> named = Matches.of("`(--[a-z-]+)", section(typed)).map(found -> found.group(1)).collect(Collectors.toSet());
            assertThat(options(command)).as(typed).containsAll(named);
        });
        assertThat(sections.get(LAUNCHERS)).contains("`--quick`");
    }

    @Test
    void exitCodesAndTheChoicesOfOptionsAreThePagesToo() {
        assertThat(Matches.of("(?m)^\\| (\\d) \\|", page).map(found -> Integer.valueOf(found.group(1))))
                .containsExactly(Exit.DONE, Exit.FAILED, Exit.BAD_INPUT, Exit.WAITS_FOR_PERSON, Exit.NO_SERVER);
        for (BackupCommand.Kind kind : BackupCommand.Kind.values()) {
            assertThat(section("firedrill backup SERVICE")).contains("`" + kind.name().toLowerCase(java.util.Locale.ROOT) + "`");
        }
        for (ReportCommand.Format format : ReportCommand.Format.values()) {
            assertThat(section("firedrill report ID")).contains("`" + format.name().toLowerCase(java.util.Locale.ROOT) + "`");
        }
        assertThat(section("firedrill up")).contains(String.valueOf(ListeningOptions.DEFAULT_PORT));
    }

    @Test
    void theReadmeLeadsHere() throws IOException {
        assertThat(Files.readString(Path.of("README.md"))).contains("(docs/command-line.md)");
    }

    private static String section(String typed) {
        return sections.getOrDefault(typed, "");
    }

    /** The options that lead a table's rows. */
    private static Set<String> tabled(String text) {
        return Matches.of("(?m)^\\| `(--[a-z-]+)[^|]*` \\|", text).map(found -> found.group(1)).collect(Collectors.toSet());
    }

    private static boolean asksServer(CommandLine command) {
        return options(command).contains("--server");
    }

    private static Set<String> options(CommandLine command) {
        Set<String> names = command.getCommandSpec().options().stream().map(OptionSpec::longestName).collect(Collectors.toCollection(TreeSet::new));
        names.removeAll(EVERYWHERE);
        return names;
    }

    /** Every command that is not hidden, by what is typed: its words and the labels of its parameters. */
    private static Map<String, CommandLine> commands() {
        Map<String, CommandLine> all = new TreeMap<>();
        List<CommandLine> open = new ArrayList<>(Firedrill.commandLine().getSubcommands().values());
        while (!open.isEmpty()) {
            CommandLine command = open.removeLast();
            if (!command.getCommandSpec().usageMessage().hidden()) {
                all.put(typed(command), command);
                open.addAll(command.getSubcommands().values());
            }
        }
        return all;
    }

    private static String typed(CommandLine command) {
        return Stream.concat(
                        Stream.of(command.getCommandSpec().qualifiedName()),
                        command.getCommandSpec().positionalParameters().stream().map(ArgSpec::paramLabel))
                .collect(Collectors.joining(" "));
    }

    private static final class Matches {
        private Matches() {}

        static Stream<MatchResult> of(String pattern, String text) {
            return Pattern.compile(pattern).matcher(text).results();
        }
    }
}
