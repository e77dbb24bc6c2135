package io.firedrill.diagnosis.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Finds signs in lines of a server's log, whatever its format: stderr, csvlog or jsonlog. */
final class LogScan {
    private static final Pattern READY = Pattern.compile("database system is ready to accept");

    /** PostgreSQL's messages (English) and SQLSTATEs, by what they are a sign of; the first that fits counts. */
    private static final Map<Sign, Pattern> MESSAGES = Map.ofEntries(
            sign(Sign.DISK_FULL, "No space left on device|\\b53100\\b|could not extend file"),
            sign(Sign.SERVER_FILES_DAMAGED, "could not find the database system|pg_control\"|could not locate a valid checkpoint record"
                    + "|could not locate required checkpoint record|invalid checkpoint record|could not access status of transaction"
                    + "|could not open file \"+pg_(?:wal|xact|multixact)/.*No such file|required WAL directory|is not a valid data directory"
                    + "|could not open directory|database files are incompatible|could not open file \"+global/"),
            sign(Sign.BAD_CONFIG, "configuration file .* contains errors|unrecognized configuration parameter|invalid value for parameter"
                    + "|syntax error in file|could not load \\S*pg_hba|could not access the server configuration file"
                    + "|requires a Boolean value|is outside the valid range|could not access file .*librar|must be less than"),
            sign(Sign.PORT_TAKEN, "could not create any TCP/IP sockets|Address already in use"),
            sign(Sign.BAD_PERMISSIONS, "has invalid permissions|has wrong ownership"),
            sign(Sign.BACKEND_CRASHED, "was terminated by signal|was terminated by exception"),
            sign(Sign.DAMAGED_PAGE, "invalid page in block|page verification failed|\\bXX001\\b"),
            sign(Sign.BROKEN_INDEX, "\\bXX002\\b|index \\S+ (?:contains (?:unexpected zero|corrupted) page|is not a btree)"),
            sign(Sign.STANDBY_LOST, "requested WAL segment \\S+ has already been removed"),
            sign(Sign.ARCHIVING_FAILED, "archive command failed|archiving write-ahead log file .* failed"),
            sign(Sign.TOO_MANY_CONNECTIONS, "too many clients already|remaining connection slots are reserved"));

    private LogScan() {}

    record Hit(Sign sign, String line) {}

    private static Map.Entry<Sign, Pattern> sign(Sign sign, String pattern) {
        return Map.entry(sign, Pattern.compile(pattern));
    }

    static Optional<Sign> sign(String line) {
        if (line.contains("Permission denied")) {
            return Optional.of(Sign.BAD_PERMISSIONS);
        }
        for (Sign sign : Sign.values()) {
            Pattern pattern = MESSAGES.get(sign);
            if (pattern != null && pattern.matcher(line).find()) {
                return Optional.of(sign);
            }
        }
        return Optional.empty();
    }

    /** What speaks since the server last took sessions, oldest first. */
    static List<Hit> sinceReady(List<String> lines) {
        int from = 0;
        for (int i = 0; i < lines.size(); i++) {
            if (READY.matcher(lines.get(i)).find()) {
                from = i + 1;
            }
        }
        return hits(lines.subList(from, lines.size()));
    }

    static List<Hit> hits(List<String> lines) {
        List<Hit> hits = new ArrayList<>();
        lines.forEach(line -> sign(line).ifPresent(sign -> hits.add(new Hit(sign, shown(line)))));
        return hits;
    }

    private static String shown(String line) {
        String text = line.strip();
        return text.length() <= 300 ? text : text.substring(0, 300) + "…";
    }
}
