package io.firedrill.backup;

import io.firedrill.store.Manifest;
import java.util.ArrayList;
import java.util.List;

/** How to get at the data with stock tools, written into every manifest. */
final class Recipes {
    private Recipes() {}

    static List<String> logical(List<Manifest.Part> parts) {
        List<String> lines = new ArrayList<>();
        lines.add("# KEY is the age key file. Run beside the objects. Needs age, zstd and PostgreSQL's client tools.");
        for (Manifest.Part part : parts) {
            switch (part.role()) {
                case "globals" -> 
                        lines.add(decoded(part) + " > globals.sql   # roles, tablespaces: psql -f globals.sql postgres");
                case "dump" -> 
                        lines.add(decoded(part) + " > dump.pgc   # createdb NEW; pg_restore --exit-on-error -d NEW dump.pgc");
                default -> lines.add(decoded(part) + " > " + part.role() + ".txt");
            }
        }
        return lines;
    }

    static List<String> files(List<Manifest.Part> parts) {
        List<String> lines = new ArrayList<>();
        for (Manifest.Part part : parts) {
            switch (part.role()) {
                case "folder" -> lines.add("rsync -aHAX --numeric-ids " + name(part) + "/ NEW/");
                case "tree" -> 
                        lines.add("mkdir NEW && " + decoded(part) + " | tar -x --numeric-owner --acls --xattrs -p -C NEW");
                default -> lines.add(decoded(part) + " > " + part.role() + ".txt");
            }
        }
        return lines;
    }

    private static String decoded(Manifest.Part part) {
        return part.encoding().contains("age")
                ? "age -d -i KEY " + name(part) + " | zstd -d"
                : "zstd -dc " + name(part);
    }

    private static String name(Manifest.Part part) {
        return part.key().substring(part.key().lastIndexOf('/') + 1);
    }
}
