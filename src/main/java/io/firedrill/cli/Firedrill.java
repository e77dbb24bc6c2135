package io.firedrill.cli;

import io.firedrill.bench.BenchCommand;
import io.firedrill.demo.DemoCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code firedrill}: disaster-recovery runbooks that run. */
@Command(
        name = "firedrill",
        description = "Disaster-recovery runbooks that run.",
        versionProvider = Version.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Also: firedrill test [--quick], the test suite.",
            "Exit codes: 0 done, 1 failed, 2 bad usage or input, 3 waits for a person, 4 server unreachable."
        },
        subcommands = {
            DemoCommand.class,
            UpCommand.class,
            DownCommand.class,
            DrainCommand.class,
            StatusCommand.class,
            PlanCommand.class,
            ProxyCommand.class,
            BackupCommand.class,
            BackupsCommand.class,
            DiagnoseCommand.class,
            RecoverCommand.class,
            UndoCommand.class,
            RestoreCommand.class,
            FailoverCommand.class,
            SwitchoverCommand.class,
            RejoinCommand.class,
            ReplicationCommand.class,
            DrillCommand.class,
            RunsCommand.class,
            RunCommand.class,
            IncidentCommand.class,
            ReportCommand.class,
            TasksCommand.class,
            TaskCommand.class,
            PeopleCommand.class,
            TokenCommand.class,
            AuditCommand.class,
            BenchCommand.class,
            ServeCommand.class
        })
public final class Firedrill implements Runnable {
    @Spec
    private CommandSpec spec;

    private Firedrill() {
        spec = CommandSpec.create();
    }

    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    /** Runs one command; returns its exit code and never throws for what a person may see. */
    static int run(String... arguments) {
        return commandLine().execute(arguments);
    }

    /** All commands, as they are parsed. */
    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Firedrill());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(new FailurePrinter());
        line.setParameterExceptionHandler(Firedrill::explain);
        line.setUsageHelpWidth(110);
        withVersion(line);
        return line;
    }

    private static void withVersion(CommandLine line) {
        line.getCommandSpec().versionProvider(new Version());
        line.getSubcommands().values().forEach(Firedrill::withVersion);
    }

    /** A mistake in what was typed: what is wrong, perhaps what was meant, and where the help is. */
    private static int explain(ParameterException mistake, String[] arguments) {
        CommandLine command = mistake.getCommandLine();
        command.getErr().println(mistake.getMessage());
        UnmatchedArgumentException.printSuggestions(mistake, command.getErr());
        if (arguments.length == 0) {
            command.usage(command.getErr());
        } else {
            command.getErr().println("See: " + command.getCommandSpec().qualifiedName() + " --help");
        }
        return Exit.BAD_INPUT;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "Say what to do.");
    }
}
