package io.firedrill.recovery;

/** Writes names and texts into statements that take no parameters. */
final class Sql {
    private Sql() {}

    static String name(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    static String text(String value) {
        return value.contains("\\")
                ? "E'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
                : "'" + value.replace("'", "''") + "'";
    }
}
