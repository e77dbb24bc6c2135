package io.firedrill.backup;

import io.firedrill.plan.Repository;
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
                case "key" -> lines.add(unwrapped(part));
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
                case "key" -> lines.add(unwrapped(part));
                case "folder" -> lines.add("rsync -aHAX --numeric-ids " + name(part) + "/ NEW/");
                case "tree" -> 
                        lines.add("mkdir NEW && " + decoded(part) + " | tar -x --numeric-owner --acls --xattrs -p -C NEW");
                default -> lines.add(decoded(part) + " > " + part.role() + ".txt");
            }
        }
        return lines;
    }

    /** Paths as of the source; docs/backup-format.md tells how to go to a moment with archived WAL. */
    static List<String> physical(List<Manifest.Part> parts, Manifest.ClusterFacts facts) {
        List<String> lines = new ArrayList<>();
        lines.add("# KEY is the age key file. Run beside the objects. Needs age, zstd, tar and PostgreSQL %d."
                .formatted(facts.serverVersionNum() / 10_000));
        parts.stream().filter(part -> part.role().equals("key")).forEach(part -> lines.add(unwrapped(part)));
        if (facts.needs().isEmpty()) {
            lines.add("mkdir -m 700 NEW");
        } else {
            lines.add("# First lay out %s as its manifest says, up to pg_verifybackup; then go on here.".formatted(String.join(", ", facts.needs())));
            lines.add("rm -f NEW/pg_wal/0*");
        }
        for (Manifest.Part part : parts) {
            if (part.role().equals(ServerBackup.BASE)) {
                lines.add(decoded(part) + " | tar -x -p -C NEW");
            } else if (part.role().equals(ServerBackup.PG_MANIFEST)) {
                lines.add(decoded(part) + " > NEW/backup_manifest");
            }
        }
        for (Manifest.Tablespace space : facts.tablespaces()) {
            String role = ServerBackup.TABLESPACE + space.oid();
            parts.stream().filter(part -> part.role().equals(role)).forEach(part -> {
                lines.add("mkdir -p -m 700 SPACE%d   # tablespace %s, was %s".formatted(space.oid(), space.name(), space.location()));
                lines.add(decoded(part) + " | tar -x -p -C SPACE" + space.oid());
                lines.add("ln -sfn $(pwd)/SPACE%1$d NEW/pg_tblspc/%1$d".formatted(space.oid()));
                lines.add("sed -i \"s|^%1$d .*|%1$d $(pwd)/SPACE%1$d|\" NEW/tablespace_map".formatted(space.oid()));
            });
        }
        if (!facts.needs().isEmpty()) {
            lines.addAll(joined(facts));
        }
        lines.add("pg_verifybackup NEW   # before the first start; tablespace_map may differ when there are tablespaces");
        lines.add("pg_ctl -D NEW start   # goes to the end of the backup");
        return lines;
    }

    /** Pieces of files are written into them; then what the new backup does not list goes, and what became shorter is cut. */
    private static List<String> joined(Manifest.ClusterFacts facts) {
        List<String> lines = new ArrayList<>();
        List<String> folders = new ArrayList<>(List.of("NEW"));
        facts.tablespaces().forEach(space -> folders.add("SPACE" + space.oid()));
        for (String folder : folders) {
            lines.add(("(cd %s/firedrill_pieces 2>/dev/null && find . -type f -printf '%%P\\n') | while read -r f; do"
                    + " dd if=\"%1$s/firedrill_pieces/$f\" of=\"%1$s/${f%%@*}\" bs=64K oflag=seek_bytes seek=${f##*@} conv=notrunc status=none; done")
                    .formatted(folder));
            lines.add("rm -rf %s/firedrill_pieces".formatted(folder));
        }
        lines.add("sed -n 's/^{ \"Path\": \"\\([^\"]*\\)\", \"Size\": \\([0-9]*\\),.*/\\2 \\1/p' NEW/backup_manifest | sort > listed");
        lines.add("(cd NEW && find -L . -type f ! -path './pg_wal/*' ! -name backup_manifest -printf '%s %P\\n') | sort > there");
        lines.add("cut -d' ' -f2- listed | sort > wanted; cut -d' ' -f2- there | sort | comm -23 - wanted | (cd NEW && xargs -r -d '\\n' rm)");
        lines.add("comm -23 listed there | while read -r size path; do truncate -c -s \"$size\" \"NEW/$path\"; done");
        return lines;
    }

    /** In the words of the tool that keeps it. */
    static List<String> repository(Repository repository, String label) {
        String config = repository.config().map(file -> " --config=" + file).orElse("");
        String line = switch (repository.tool()) {
            case PGBACKREST -> "pgbackrest%s --stanza=%s --set=%s --pg1-path=NEW --archive-mode=off restore"
                    .formatted(config, repository.name(), label);
            case BARMAN -> "barman%s recover %s %s NEW".formatted(config, repository.name(), label);
        };
        return List.of("# As user %s, NEW being an empty folder.".formatted(repository.user()), line,
                "pg_ctl -D NEW start   # with archive_mode off; goes to the end of the WAL there is");
    }

    /** Appends, as a copy may have a second one. */
    private static String unwrapped(Manifest.Part part) {
        String region = part.encoding().getFirst().replace("aws-kms:", "");
        String folder = part.key().substring(0, part.key().lastIndexOf('/'));
        return "aws kms decrypt --region %s --ciphertext-blob fileb://%s --encryption-context firedrill-backup=%s"
                        .formatted(region, name(part), folder.substring(folder.lastIndexOf('/') + 1))
                + " --query Plaintext --output text | base64 -d >> KEY";
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
