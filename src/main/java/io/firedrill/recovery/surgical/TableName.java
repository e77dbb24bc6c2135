package io.firedrill.recovery.surgical;

/** Unquoted, as the catalogue has them. */
public record TableName(String schema, String table) {

    String quoted() {
        return quoted(schema) + "." + quoted(table);
    }

    static String quoted(String identifier) {
        return '"' + identifier.replace("\"", "\"\"") + '"';
    }

    @Override
    public String toString() {
        return schema + "." + table;
    }
}
