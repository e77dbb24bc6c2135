package io.firedrill.demo;

import io.firedrill.proof.PgConnections;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the demo itself sees in the database and the folder, measured by other means than Firedrill's own proof, so that
 * one cannot cover for the other.
 *
 * @param tables rows and digest of each table and of the large objects, by name
 * @param files SHA-256 of each file, or target of each link, by path
 */
record Measured(SortedMap<String, Content> tables, SortedMap<String, String> files) {
    private static final String LINK = "-> ";
    private static final Content UNREADABLE = new Content(-1, "");

    /** {@code digest}: sum over all rows of 60 bits of each row's MD5, so the order of rows does not matter. */
    record Content(long rows, String digest) {}

    static Measured of(Shop shop, Path uploads) {
        return new Measured(tables(shop), files(uploads));
    }

    private static SortedMap<String, Content> tables(Shop shop) {
        SortedMap<String, Content> tables = new TreeMap<>();
        try (Connection connection = PgConnections.open(shop.database());
                Statement statement = connection.createStatement()) {
            List<String> names = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery(
                    "select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = 'shop' order by 1")) {
                while (rows.next()) {
                    names.add(rows.getString(1));
                }
            }
            for (String name : names) {
                tables.put(name, readable(statement, "select md5(t::text) as h from " + name + " t"));
            }
            tables.put("large objects", content(statement,
                    "select md5(lo_get(oid)) as h from pg_largeobject_metadata"));
            return tables;
        } catch (SQLException e) {
            throw new IllegalStateException("The demo's database refused: " + e.getMessage(), e);
        }
    }

    /** A table that its disk does not give back counts as -1 rows. */
    private static Content readable(Statement statement, String hashes) throws SQLException {
        try {
            return content(statement, hashes);
        } catch (SQLException e) {
            if (List.of("XX001", "58P01").contains(e.getSQLState())) {
                return UNREADABLE;
            }
            throw e;
        }
    }

    private static Content content(Statement statement, String hashes) throws SQLException {
        try (ResultSet rows = statement.executeQuery(
                "select count(*), coalesce(sum(('x' || left(h, 15))::bit(60)::bigint::numeric), 0)::text from ("
                        + hashes + ") hashed")) {
            rows.next();
            return new Content(rows.getLong(1), rows.getString(2));
        }
    }

    private static SortedMap<String, String> files(Path folder) {
        SortedMap<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            all.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS))
                    .forEach(path -> files.put(folder.relativize(path).toString(), fingerprint(path)));
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String fingerprint(Path file) {
        try {
            if (Files.isSymbolicLink(file)) {
                return LINK + Files.readSymbolicLink(file);
            }
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(OutputStream.nullOutputStream());
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rows of all tables; large objects are no rows. */
    long rows() {
        return tables.entrySet().stream().filter(t -> !t.getKey().equals("large objects") && !t.getValue().equals(UNREADABLE)).mapToLong(t -> t.getValue().rows()).sum();
    }

    /** Regular files, which is what Firedrill's own counts mean by files too; links are told apart. */
    long regularFiles() {
        return files.values().stream().filter(content -> !content.startsWith(LINK)).count();
    }

    /** {@code 362 files, 1 link}. */
    String filesInWords() {
        long links = files.size() - regularFiles();
        return "%,d files".formatted(regularFiles()) + (links == 0 ? "" : links == 1 ? ", 1 link" : ", %,d links".formatted(links));
    }

    /** What is different there, one line each; empty when nothing is. */
    List<String> differences(Measured there) {
        List<String> lines = new ArrayList<>();
        for (String table : union(tables, there.tables)) {
            Content mine = tables.get(table);
            Content theirs = there.tables.get(table);
            if (mine == null || theirs == null) {
                lines.add(table + (theirs == null ? " is gone (it had %,d rows)".formatted(rows(mine)) : " is new"));
            } else if (theirs.equals(UNREADABLE) && !mine.equals(theirs)) {
                lines.add("%s cannot be read any more (it had %,d rows)".formatted(table, mine.rows()));
            } else if (!mine.equals(theirs)) {
                lines.add("%s: %,d → %,d rows".formatted(table, mine.rows(), theirs.rows()));
            }
        }
        long missing = files.keySet().stream().filter(file -> !there.files.containsKey(file)).count();
        long changed = files.entrySet().stream()
                .filter(file -> there.files.containsKey(file.getKey()))
                .filter(file -> !file.getValue().equals(there.files.get(file.getKey())))
                .count();
        long more = there.files.keySet().stream().filter(file -> !files.containsKey(file)).count();
        if (missing + changed + more > 0) {
            lines.add("files and links: %,d → %,d (%,d missing, %,d changed, %,d new)"
                    .formatted(files.size(), there.files.size(), missing, changed, more));
        }
        return lines;
    }

    private static long rows(@Nullable Content content) {
        return content == null ? 0 : content.rows();
    }

    private static TreeSet<String> union(SortedMap<String, Content> one, SortedMap<String, Content> other) {
        TreeSet<String> names = new TreeSet<>(one.keySet());
        names.addAll(other.keySet());
        return names;
    }
}
