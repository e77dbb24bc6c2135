package io.firedrill.demo;

import io.firedrill.client.Homes;
import io.firedrill.terminal.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code firedrill demo}. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "The whole story on throwaway data: backup, disaster, diagnosis, approval, recovery, proof, report.")
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--yes", description = "Answer every question, as a second person, so that four eyes hold.")
    private boolean yes;

    @Option(names = "--fault", paramLabel = "FAULT", description = "What goes wrong: deleted-rows (default), dropped-table,"
            + " corrupt-page, missing-relation-file, lost-files, encrypted-files,"
            + " disk-full (as root), dead-primary.")
    private String fault = Fault.DELETED_ROWS.word();

    @Option(names = "--keep", description = "Leave everything running afterwards, to look around; `firedrill down` stops it.")
    private boolean keep;

    @Option(names = "--json", description = "One JSON object as the last line of standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Fault chosen = Fault.of(fault).orElseThrow(() -> new ParameterException(
                spec.commandLine(), "There is no fault '%s'. Available: %s.".formatted(fault, Fault.words())));
        Terminal terminal = json ? Terminal.onStandardError() : Terminal.onStandardOutput();
        Answers answers = yes ? new SecondPerson(terminal) : new AskedPerson(terminal);
        Optional<Story.Ending> ending =
                Optional.of(new Demo(Homes.demo(Homes.fromLauncher()), terminal, answers, keep).play(chosen));
        if (json) {
            ending.ifPresent(end -> Terminal.onStandardOutput().line(Summary.json(end).toString()));
        }
        return ending.filter(end -> end.proven() || end.mended()).isPresent() ? 0 : 1;
    }
}
