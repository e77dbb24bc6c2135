package io.firedrill.proof;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query from the resources beside this class, fitted to the server. A line that ends in {@code -- since 15},
 * {@code -- from 15 to 16}, {@code -- superuser} or {@code -- no superuser} is only there for such servers or users.
 * <code>{user pg_class c.oid}</code> holds for objects that neither the system nor an extension brought.
 */
final class CatalogQuery {
    private static final Pattern SINCE = Pattern.compile("-- since (\\d+)$");
    private static final Pattern FROM_TO = Pattern.compile("-- from (\\d+) to (\\d+)$");
    private static final Pattern USER = Pattern.compile("\\{user (\\w+) ([\\w.]+)}");

    private CatalogQuery() {}

    /** {@code version} as server_version_num. */
    static String read(String resource, int version, boolean superuser) {
        StringBuilder sql = new StringBuilder();
        text(resource).lines()
                .filter(line -> applies(line.stripTrailing(), version / 10_000, superuser))
                .forEach(line -> sql.append(line).append('\n'));
        return USER.matcher(sql).replaceAll(match -> Matcher.quoteReplacement(broughtByUser(match.group(1), match.group(2))));
    }

    private static boolean applies(String line, int major, boolean superuser) {
        Matcher since = SINCE.matcher(line);
        if (since.find()) {
            return major >= Integer.parseInt(since.group(1));
        }
        Matcher between = FROM_TO.matcher(line);
        if (between.find()) {
            return major >= Integer.parseInt(between.group(1)) && major <= Integer.parseInt(between.group(2));
        }
        if (line.endsWith("-- no superuser")) {
            return !superuser;
        }
        return !line.endsWith("-- superuser") || superuser;
    }

    /** Object ids from 16384 on are given out after initdb. */
    private static String broughtByUser(String catalog, String oid) {
        return ("(%s >= 16384 and not exists (select from pg_depend x where x.classid = '%s'::regclass and x.objid = %s"
                + " and x.deptype = 'e'))").formatted(oid, catalog, oid);
    }

    private static String text(String resource) {
        try (InputStream in = Objects.requireNonNull(CatalogQuery.class.getResourceAsStream(resource), resource)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
