package io.firedrill.backup;

import io.firedrill.store.Manifest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What is said of the database itself, outside of what pg_dump without {@code --create} carries. */
final class DatabaseSettingsReader {
    private static final String GRANTS =
            """
            select pg_get_userbyid(grantor), case when grantee = 0 then null else pg_get_userbyid(grantee) end,
                   privilege_type, is_grantable
            from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) a
            where d.datname = current_database() order by 1, 2 nulls first, 3
            """;
    private static final String SETTINGS =
            """
            select r.rolname, split_part(line, '=', 1), substr(line, strpos(line, '=') + 1)
            from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
            left join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) line
            where d.datname = current_database() order by 1 nulls first, 2
            """;

    private DatabaseSettingsReader() {}

    static Manifest.DatabaseSettings read(Connection connection, int version) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(database(version))) {
            row.next();
            return new Manifest.DatabaseSettings(
                    row.getString("owner"),
                    row.getString("encoding"),
                    row.getString("collation"),
                    row.getString("ctype"),
                    row.getString("provider"),
                    row.getString("locale"),
                    row.getString("icu_rules"),
                    row.getString("tablespace"),
                    row.getInt("connection_limit"),
                    row.getBoolean("template"),
                    row.getString("comment"),
                    grants(connection),
                    settings(connection));
        }
    }

    /** ICU came to databases with version 15, its rules with 16; 17 renamed the column as it holds other locales too. */
    private static String database(int version) {
        String provider = version >= 150_000 ? "d.datlocprovider::text" : "'c'";
        String locale = version >= 170_000 ? "d.datlocale" : version >= 150_000 ? "d.daticulocale" : "null::text";
        String rules = version >= 160_000 ? "d.daticurules" : "null::text";
        return """
                select pg_get_userbyid(d.datdba) as owner, pg_encoding_to_char(d.encoding) as encoding,
                       d.datcollate as collation, d.datctype as ctype, %s as provider, %s as locale, %s as icu_rules,
                       t.spcname as tablespace, d.datconnlimit as connection_limit, d.datistemplate as template,
                       shobj_description(d.oid, 'pg_database') as comment
                from pg_database d join pg_tablespace t on t.oid = d.dattablespace where d.datname = current_database()
                """
                .formatted(provider, locale, rules);
    }

    private static List<Manifest.Grant> grants(Connection connection) throws SQLException {
        List<Manifest.Grant> grants = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(GRANTS)) {
            while (row.next()) {
                grants.add(new Manifest.Grant(row.getString(1), row.getString(2), row.getString(3), row.getBoolean(4)));
            }
        }
        return grants;
    }

    private static List<Manifest.Setting> settings(Connection connection) throws SQLException {
        List<Manifest.Setting> settings = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(SETTINGS)) {
            while (row.next()) {
                settings.add(new Manifest.Setting(row.getString(1), row.getString(2), row.getString(3)));
            }
        }
        return settings;
    }
}
