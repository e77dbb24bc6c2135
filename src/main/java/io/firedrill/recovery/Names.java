package io.firedrill.recovery;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What things are called while a recovery moves them, so that a person who finds one knows which incident it is of.
 * PostgreSQL keeps 63 bytes of a name, file systems 255; a longer one is cut, with a hash of the whole in its place.
 */
final class Names {
    static final int POSTGRES_BYTES = 63;
    static final int FILE_BYTES = 255;
    static final String RESTORING = "_restoring_";
    private static final String SET_ASIDE = "_set_aside_";
    static final String UNDONE = "_undone_";
    private static final String PARTIAL = ".partial";
    private static final Pattern INCIDENT = Pattern.compile("[A-Za-z]+-(\\d{8})-(\\d{6})(-.*)?");

    private Names() {}

    static String beside(String dbname, String incident) {
        return fitted(dbname, RESTORING + token(incident), POSTGRES_BYTES);
    }

    static String setAside(String dbname, String incident) {
        return fitted(dbname, SET_ASIDE + token(incident), POSTGRES_BYTES);
    }

    static String undone(String dbname, String incident) {
        return fitted(dbname, UNDONE + token(incident), POSTGRES_BYTES);
    }

    /** Schema in the live database that keeps what single tables got back. */
    static String sideSchema(String incident) {
        return fitted("firedrill", "_" + token(incident), POSTGRES_BYTES);
    }

    /** Beside the file set, named after what is inside it: where a part of it is restored, set aside or kept when undone. */
    static Path part(Path fileSet, String inside) {
        String last = inside.substring(inside.lastIndexOf('/') + 1);
        return fileSet.resolveSibling(fileSet.getFileName() + "_" + hash(inside) + "_" + last);
    }

    /** Folder of a scratch server: the plan's name of the database, and of which incident. */
    static String scratch(String database, String beside) {
        return database + beside.substring(requireBeside(beside).lastIndexOf(RESTORING));
    }

    static Path besidePath(Path path, String incident) {
        return sibling(path, RESTORING + token(incident));
    }

    static Path setAsidePath(Path path, String incident) {
        return sibling(path, SET_ASIDE + token(incident));
    }

    static Path undonePath(Path path, String incident) {
        return sibling(path, UNDONE + token(incident));
    }

    /** Where files are restored until they are all there. */
    static Path partial(Path beside) {
        return beside.resolveSibling(beside.getFileName() + PARTIAL);
    }

    /** Held by who restores files there; stays when that fails. */
    static Path lock(Path beside) {
        return beside.resolveSibling(beside.getFileName() + ".lock");
    }

    /** Only what bears such a name is ever dropped or removed. */
    static String requireBeside(String name) {
        if (!name.contains(RESTORING)) {
            throw new IllegalArgumentException("Not the name of a restored copy: " + name);
        }
        return name;
    }

    private static Path sibling(Path path, String suffix) {
        return path.resolveSibling(fitted(path.getFileName().toString(), suffix, FILE_BYTES - PARTIAL.length()));
    }

    /** {@code INC-20261123-084512-shop} → {@code 20261123_084512}; another form: letters, digits and underscores of it. */
    static String token(String incident) {
        Matcher matcher = INCIDENT.matcher(incident);
        return matcher.matches()
                ? matcher.group(1) + "_" + matcher.group(2)
                : fitted(incident.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_"), "", 24);
    }

    private static String fitted(String name, String suffix, int limit) {
        if (bytes(name + suffix) <= limit) {
            return name + suffix;
        }
        String ending = "_" + hash(name) + suffix;
        return cut(name, limit - bytes(ending)) + ending;
    }

    /** At most so many bytes of it, never half a character. */
    private static String cut(String name, int limit) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.IGNORE);
        CharBuffer kept = CharBuffer.allocate(limit);
        decoder.decode(ByteBuffer.wrap(name.getBytes(StandardCharsets.UTF_8), 0, limit), kept, true);
        return kept.flip().toString();
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private static String hash(String name) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
