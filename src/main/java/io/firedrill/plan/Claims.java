package io.firedrill.plan;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Who in the plan claims which database, folder or bucket. Two claims on one thing would be backed up twice and, worse,
 * swapped away under each other by a recovery.
 */
final class Claims {
    private record Claim(String who, Value at) {}

    private record ServerClaim(String server, Claim claim) {}

    private record FolderClaim(Path folder, Claim claim) {}

    private final Map<String, Claim> databases = new HashMap<>();
    private final Map<String, ServerClaim> repositories = new HashMap<>();
    private final List<FolderClaim> folders = new ArrayList<>();
    private final List<FolderClaim> buckets = new ArrayList<>();

    void database(Database database, String who, Value at) {
        String key = server(database) + " " + database.dbname();
        Claim first = databases.putIfAbsent(key, new Claim(who, at));
        if (first != null) {
            alike(first, who, at, "are the same database, " + database.address());
        }
    }

    private static String server(Database database) {
        String host = database.host().toLowerCase(Locale.ROOT);
        boolean loopback = host.equals("localhost") || host.equals("::1");
        return (loopback ? "127.0.0.1" : host) + " " + database.port();
    }

    /** Several services may be on one server, and name its one repository. */
    void repository(Repository repository, Database database, String who, Value at) {
        String key = repository.store() + " " + repository.config();
        ServerClaim first = repositories.putIfAbsent(key, new ServerClaim(server(database), new Claim(who, at)));
        if (first != null && !first.server.equals(server(database))) {
            alike(first.claim, who, at, "are on different servers and name the same " + repository.title());
        }
    }

    void folder(Path folder, String who, Value at) {
        claim(folders, realPath(folder), who, at, folder.toString());
    }

    /** {@code endpoint} empty: AWS itself, where a bucket's name is one of a kind, whatever the region. */
    void bucket(Optional<URI> endpoint, String bucket, String prefix, String who, Value at) {
        String host = endpoint.map(URI::getAuthority).orElse("aws").toLowerCase(Locale.ROOT);
        Path place = Path.of("/", host, bucket, prefix);
        claim(buckets, place, who, at, bucket + "/" + prefix);
    }

    private void claim(List<FolderClaim> others, Path folder, String who, Value at, String shown) {
        overlapping(others, folder).ifPresent(first -> alike(first, who, at, "overlap in " + shown));
        others.add(new FolderClaim(folder, new Claim(who, at)));
    }

    private static Optional<Claim> overlapping(List<FolderClaim> others, Path folder) {
        return others.stream()
                .filter(other -> folder.startsWith(other.folder) || other.folder.startsWith(folder))
                .map(FolderClaim::claim)
                .findFirst();
    }

    private static void alike(Claim first, String who, Value at, String how) {
        boolean laterInFile = line(at) >= line(first.at);
        Value where = laterInFile ? at : first.at;
        Claim other = laterInFile ? first : new Claim(who, at);
        String here = laterInFile ? who : first.who;
        where.mistakeAtKey(
                "%s and %s on line %d %s.".formatted(Section.capitalised(here), other.who, line(other.at), how),
                "Keep one of them, or point one elsewhere.");
    }

    private static int line(Value at) {
        return at.at().getStartMark().getLine() + 1;
    }

    /** Two names of one folder (symbolic links) are seen as one, as far as it exists. */
    private static Path realPath(Path folder) {
        try {
            return Files.exists(folder) ? folder.toRealPath() : folder;
        } catch (IOException e) {
            return folder;
        }
    }
}
