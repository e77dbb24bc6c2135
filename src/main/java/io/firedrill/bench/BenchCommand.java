package io.firedrill.bench;

import io.firedrill.client.Homes;
import io.firedrill.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code firedrill bench}. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measure Firedrill beside the plain tools, on generated data that are removed afterwards.")
public final class BenchCommand implements Callable<Integer> {
    private static final double LARGEST_GIB = 1 << 20;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "What to measure: backup (default).")
    private String name = "backup";

    @Option(names = "--gib", paramLabel = "N", description = "Size of the generated database in GiB, at least; default ${DEFAULT-VALUE}.",
            defaultValue = "2")
    private double gib;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "2",
            description = "Every other round in the opposite order; the quickest counts; default ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--json", description = "One JSON object as the last line of standard output.")
    private boolean json;

    @Override
    public Integer call() {
        check();
        Terminal terminal = json ? Terminal.onStandardError() : Terminal.onStandardOutput();
        long bytes = (long) (gib * (1L << 30));
        Results results = new BackupBench(terminal, bytes, rounds)
                .run(Homes.fromLauncher().folder().toAbsolutePath().resolve("bench"), Homes.dist());
        results.tell(terminal);
        if (json) {
            Terminal.onStandardOutput().line(results.json().toString());
        }
        return 0;
    }

    private void check() {
        if (!name.equals("backup")) {
            throw wrong("There is no benchmark '%s'. Available: backup.".formatted(name));
        }
        if (!(gib > 0 && gib <= LARGEST_GIB)) {
            throw wrong("--gib %s is no size of a database; write a number of GiB above 0.".formatted(gib));
        }
        if (rounds < 1 || rounds > 100) {
            throw wrong("--rounds %d: from 1 to 100 rounds can be run.".formatted(rounds));
        }
    }

    private ParameterException wrong(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
