package io.firedrill.plan;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where another tool already keeps a server's base backups and WAL: a pgBackRest stanza or a Barman server.
 *
 * @param name of the stanza or server in the tool's configuration
 * @param config the tool's configuration file, absolute; absent: the one it finds itself
 * @param user whom the tool runs as
 */
public record Repository(Tool tool, String name, Optional<Path> config, String user) {
    /** It becomes a word of the tool's command line, where it must not look like an option. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,99}");

    private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9._-]{0,31}");

    /** {@code part}: what the tool calls the place for one server's backups. */
    public enum Tool {
        PGBACKREST("pgBackRest", "stanza", "postgres"),
        BARMAN("Barman", "server", "barman");

        private final String title;
        private final String part;
        private final String defaultUser;

        Tool(String title, String part, String defaultUser) {
            this.title = title;
            this.part = part;
            this.defaultUser = defaultUser;
        }

        /** The key in the plan, and the program. */
        public String word() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }

        public String title() {
            return title;
        }

        public String part() {
            return part;
        }

        /** The system user that Debian's package gives it. */
        String defaultUser() {
            return defaultUser;
        }
    }

    public Repository {
        if (!validName(tool, name) || !validUser(user)) {
            throw new IllegalArgumentException("No %s of %s: '%s' as '%s'".formatted(tool.part(), tool.title(), name, user));
        }
    }

    /** {@code all} means every server to Barman. */
    static boolean validName(Tool tool, String name) {
        return NAME.matcher(name).matches() && !(tool == Tool.BARMAN && name.equals("all"));
    }

    static boolean validUser(String user) {
        return USER.matcher(user).matches();
    }

    /** {@code pgbackrest:main}: its name beside the plan's stores. */
    public String store() {
        return tool.word() + ":" + name;
    }

    /** {@code pgBackRest stanza main}, for messages. */
    public String title() {
        return "%s %s %s".formatted(tool.title(), tool.part(), name);
    }
}
