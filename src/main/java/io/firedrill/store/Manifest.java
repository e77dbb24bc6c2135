package io.firedrill.store;

import io.firedrill.plan.BackupKind;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.FileTreeContents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Describes one backup, well enough to restore it with stock tools. Stored as JSON beside its parts, written last: a
 * backup exists in a store exactly when its manifest does.
 *
 * @param format version of this description, 1; readers refuse what they do not know
 * @param source the plan's name of the database or file set
 * @param snapshotAt the moment the content is from: transactions committed before it are in, later ones are not
 * @param database set for logical backups
 * @param cluster set for physical backups that Firedrill took itself
 * @param contents set for logical backups
 * @param files set for files backups
 * @param recipients public halves (age1…) of the keys that open the parts; empty: not encrypted
 * @param tools program → version, of all that took part
 * @param howToDecode shell lines with stock tools, for a person with nothing but the store and the key
 * @param repository set for physical backups that another tool keeps; then this is a note of one, with no parts
 */
public record Manifest(
        int format,
        BackupId id,
        String service,
        BackupKind kind,
        String source,
        Instant startedAt,
        Instant snapshotAt,
        Instant finishedAt,
        @Nullable DatabaseFacts database,
        @Nullable DatabaseContents contents,
        @Nullable FileTreeContents files,
        List<Part> parts,
        List<String> recipients,
        Map<String, String> tools,
        List<String> howToDecode,
        @Nullable ClusterFacts cluster,
        @Nullable RepositoryFacts repository) {

    /** In this store itself. */
    public Manifest(
            int format,
            BackupId id,
            String service,
            BackupKind kind,
            String source,
            Instant startedAt,
            Instant snapshotAt,
            Instant finishedAt,
            @Nullable DatabaseFacts database,
            @Nullable DatabaseContents contents,
            @Nullable FileTreeContents files,
            List<Part> parts,
            List<String> recipients,
            Map<String, String> tools,
            List<String> howToDecode,
            @Nullable ClusterFacts cluster) {
        this(
                format, id, service, kind, source, startedAt, snapshotAt, finishedAt, database, contents, files, parts,
                recipients, tools, howToDecode, cluster, null);
    }

    /** Of a logical or files backup. */
    public Manifest(
            int format,
            BackupId id,
            String service,
            BackupKind kind,
            String source,
            Instant startedAt,
            Instant snapshotAt,
            Instant finishedAt,
            @Nullable DatabaseFacts database,
            @Nullable DatabaseContents contents,
            @Nullable FileTreeContents files,
            List<Part> parts,
            List<String> recipients,
            Map<String, String> tools,
            List<String> howToDecode) {
        this(
                format, id, service, kind, source, startedAt, snapshotAt, finishedAt, database, contents, files, parts,
                recipients, tools, howToDecode, null);
    }

    /** Of a physical backup: the backups that it builds upon and cannot be restored without; empty: it is a full one. */
    public List<BackupId> needs() {
        return cluster == null ? List.of() : cluster.needs().stream().map(BackupId::new).toList();
    }

    /** Before compression and encryption. */
    public long plainBytes() {
        return repository != null ? repository.bytes()
                : files != null ? files.bytes()
                : parts.stream().mapToLong(Part::plainBytes).sum();
    }

    /** As it lies in the store. */
    public long storedBytes() {
        return repository != null ? repository.storedBytes() : parts.stream().mapToLong(Part::storedBytes).sum();
    }

    /** Of the PostgreSQL that a physical backup is of, e.g. 15. */
    public int majorVersion() {
        return repository != null ? repository.majorVersion()
                : Objects.requireNonNull(cluster, "a physical backup").serverVersionNum() / 10_000;
    }

    /** What a physical backup takes when it is laid out. */
    public long clusterBytes() {
        return repository != null ? repository.bytes() : Objects.requireNonNull(cluster, "a physical backup").clusterBytes();
    }

    /** Where the backup itself lies: in the store that has this manifest, or in the repository that it tells of. */
    public String placeIn(String store) {
        return repository == null ? store : repository.store();
    }

    /**
     * One object of the backup.
     *
     * @param role {@code dump} (pg_dump custom format), {@code globals} (SQL), {@code inventory} (text lines),
     *     {@code tree} (tar), {@code listing} (text lines), {@code base} (tar of a data folder), {@code tablespace-OID} (tar), {@code blocks} (digests of all their files' blocks),
     *     {@code backup-manifest} (PostgreSQL's own)
     * @param key within the store
     * @param plainBytes and {@code plainSha256}: before compression and encryption; no digest (empty) where {@code blocks} tells
     *     those of the content
     * @param storedBytes and {@code storedSha256}: as it lies in the store
     * @param encoding applied in this order, e.g. {@code [zstd, age]}; empty: as is
     */
    public record Part(
            String role,
            String key,
            long plainBytes,
            String plainSha256,
            long storedBytes,
            String storedSha256,
            List<String> encoding) {}

    /**
     * Facts of the database at the snapshot.
     *
     * @param systemIdentifier of the cluster (pg_control_system), decimal
     * @param snapshotXmax first transaction id not yet assigned at the snapshot, 64 bit
     * @param lsn WAL position just after the snapshot was taken, e.g. {@code 0/3000148}
     * @param settings of the database itself, so that a new one can be made like it
     */
    public record DatabaseFacts(
            String dbname,
            String serverVersion,
            int serverVersionNum,
            String systemIdentifier,
            int timeline,
            String lsn,
            long snapshotXmax,
            long databaseBytes,
            DatabaseSettings settings) {}

    /**
     * Facts of a base backup.
     *
     * @param systemIdentifier of the cluster, decimal
     * @param timeline the one it was taken on
     * @param startLsn replay begins here; {@code checkpointLsn} is the checkpoint it began with
     * @param stopLsn replay must reach this for the files to be consistent
     * @param firstWal name of the first and {@code lastWal} of the last WAL segment that takes; both are in the backup
     * @param stoppedAt by the server's clock, just after the end: moments from here on can be reached by later WAL
     * @param walSegmentBytes size of a WAL segment
     * @param databases their names, without templates
     * @param needs ids of the backups in the same store that it builds upon; empty: it is a full one
     */
    public record ClusterFacts(
            String serverVersion,
            int serverVersionNum,
            String systemIdentifier,
            int timeline,
            String startLsn,
            String checkpointLsn,
            String stopLsn,
            String firstWal,
            String lastWal,
            Instant stoppedAt,
            long walSegmentBytes,
            long clusterBytes,
            List<Tablespace> tablespaces,
            List<String> databases,
            List<String> needs) {

        public ClusterFacts {
            // Manifests written before there were incremental backups do not say.
            needs = Objects.requireNonNullElse(needs, List.of());
        }

        /** Of a full backup. */
        public ClusterFacts(
                String serverVersion,
                int serverVersionNum,
                String systemIdentifier,
                int timeline,
                String startLsn,
                String checkpointLsn,
                String stopLsn,
                String firstWal,
                String lastWal,
                Instant stoppedAt,
                long walSegmentBytes,
                long clusterBytes,
                List<Tablespace> tablespaces,
                List<String> databases) {
            this(
                    serverVersion, serverVersionNum, systemIdentifier, timeline, startLsn, checkpointLsn, stopLsn, firstWal, lastWal,
                    stoppedAt, walSegmentBytes, clusterBytes, tablespaces, databases, List.of());
        }
    }

    /**
     * Facts of a backup in another tool's repository, as that tool tells them.
     *
     * @param store {@code pgbackrest:main}: the tool and its stanza or server
     * @param label the tool's own name of the backup
     * @param needs labels of the backups that it builds upon
     * @param systemIdentifier of the cluster, decimal; empty when the tool does not tell
     * @param startLsn replay begins here; {@code stopLsn}: replay must reach this
     * @param stoppedAt moments from here on can be reached by later WAL
     */
    public record RepositoryFacts(
            String store,
            String label,
            boolean full,
            List<String> needs,
            int majorVersion,
            String systemIdentifier,
            long timeline,
            String startLsn,
            String stopLsn,
            Instant stoppedAt,
            long bytes,
            long storedBytes) {}

    /** A folder outside the data folder; {@code oid} names its link in {@code pg_tblspc} and its part. */
    public record Tablespace(long oid, String name, String location) {}

    /**
     * What CREATE DATABASE and ALTER DATABASE say of it; pg_restore without -C does not carry these.
     *
     * @param localeProvider {@code c} libc, {@code i} ICU, {@code b} builtin
     * @param locale ICU or builtin locale, null for libc
     * @param acl grants on the database, each an SQL privilege statement's parts; order-independent
     * @param configuration ALTER DATABASE … SET and ALTER ROLE … IN DATABASE … SET
     */
    public record DatabaseSettings(
            String owner,
            String encoding,
            String collate,
            String ctype,
            String localeProvider,
            @Nullable String locale,
            @Nullable String icuRules,
            String tablespace,
            int connectionLimit,
            boolean isTemplate,
            @Nullable String comment,
            List<Grant> acl,
            List<Setting> configuration) {}

    /** {@code grantee} null means PUBLIC. */
    public record Grant(String grantor, @Nullable String grantee, String privilege, boolean grantable) {}

    /** {@code role} null: for every role. */
    public record Setting(@Nullable String role, String name, String value) {}
}
