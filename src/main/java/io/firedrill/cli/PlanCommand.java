package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.plan.PlanException;
import io.firedrill.plan.PlanReader;
import io.firedrill.plan.PlanText;
import io.firedrill.plan.RecoveryPlan;
import io.firedrill.terminal.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Looks at a plan file; needs no server. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description = "Check or show a recovery plan.",
        subcommands = {PlanCommand.CheckCommand.class, PlanCommand.ShowCommand.class})
final class PlanCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do with the plan: check or show.");
    }

    /** Every mistake on a line of its own, with line and column and what to write instead. */
    @Command(name = "check", mixinStandardHelpOptions = true, description = "Find mistakes, also whether every database and store answers.")
    static final class CheckCommand implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", defaultValue = "recovery-plan.yaml", description = "Default: ${DEFAULT-VALUE}.")
        private Path file = Path.of("");

        @Option(names = "--json", description = "One JSON object as the last line of standard output.")
        private boolean json;

        @Override
        public Integer call() {
            try {
                RecoveryPlan plan = PlanCheck.withStores(file);
                String good = "%s: no mistakes; %d services, %d stores."
                        .formatted(file, plan.services().size(), plan.stores().size());
                Terminal.onStandardOutput().line(json ? PlanJson.checked(plan).toString() : good);
                return Exit.DONE;
            } catch (PlanException e) {
                if (json) {
                    Terminal.onStandardOutput().line(PlanJson.mistakes(e.mistakes()).toString());
                    return Exit.BAD_INPUT;
                }
                throw e;
            }
        }
    }

    /** The plan in words. */
    @Command(name = "show", mixinStandardHelpOptions = true, description = "Show what would be done and what is missing.")
    static final class ShowCommand implements Callable<Integer> {
        @Parameters(paramLabel = "FILE", defaultValue = "recovery-plan.yaml", description = "Default: ${DEFAULT-VALUE}.")
        private Path file = Path.of("");

        @Option(names = "--json", description = "One JSON object as the last line of standard output.")
        private boolean json;

        @Override
        public Integer call() {
            RecoveryPlan plan = PlanReader.read(file);
            Terminal.onStandardOutput().line(json ? Json.tree(plan).toString() : PlanText.of(plan).stripTrailing());
            return Exit.DONE;
        }
    }
}
