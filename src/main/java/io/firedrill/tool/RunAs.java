package io.firedrill.tool;

import io.firedrill.failure.Failure;
import java.nio.file.Path;
import java.util.List;

/** Runs a command as the user that owns what it works on. */
public final class RunAs {
    private RunAs() {}

    /**
     * @param user empty for the user that Firedrill runs as
     * @throws io.firedrill.failure.FailureException {@code wrong-user} when there is none, or only root could become it
     */
    public static Command user(String user, Command command) {
        return as(user, command, List.of());
    }

    private static Command as(String user, Command command, List<String> capabilities) {
        String own = System.getProperty("user.name");
        if (user.isEmpty() || user.equals(own)) {
            return command;
        }
        if (!LocalPostgres.root()) {
            throw new Failure(
                            "wrong-user",
                            "%s must run as the user '%s', but Firedrill runs as '%s'.".formatted(command.program(), user, own),
                            "Nothing was done.",
                            "Run Firedrill, or its worker on this host, as '%s' or as root.".formatted(user))
                    .lasting();
        }
        return command.behind(capabilities).withDirectory(Path.of("/"))
                .behind(List.of(Programs.find("setpriv"), "--reuid=" + user, "--regid=" + group(user), "--init-groups", "--reset-env"));
    }

    /** As {@link #user}, and able to reach its folders below ones that are private to root, as a scratch server's are. */
    static Command reaching(String user, Command command) {
        return as(user, command, List.of("--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"));
    }

    private static String group(String user) {
        Command.Result<String> group = Command.of(Programs.find("id"), "-g", user).run();
        if (!group.succeeded()) {
            throw new Failure("wrong-user", "There is no user '%s' on this host.".formatted(user), "Nothing was done.",
                            "Name the user that the tool runs as in the plan (user:).")
                    .lasting();
        }
        return group.value().strip();
    }
}
