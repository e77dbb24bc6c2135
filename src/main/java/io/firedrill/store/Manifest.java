package io.firedrill.store;

import io.firedrill.plan.BackupKind;
import io.firedrill.proof.DatabaseContents;
import io.firedrill.proof.FileTreeContents;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Describes one backup, well enough to restore it with stock tools. Stored as JSON beside its parts, written last: a
 * backup exists in a store exactly when its manifest does.
 *
 * @param format version of this description, 1; readers refuse what they do not know
 * @param source the plan's name of the database or file set
 * @param snapshotAt the moment the content is from: transactions committed before it are in, later ones are not
 * @param database set for logical backups
 * @param contents set for logical backups
 * @param files set for files backups
 * @param recipients public halves (age1…) of the keys that open the parts; empty: not encrypted
 * @param tools program → version, of all that took part
 * @param howToDecode shell lines with stock tools, for a person with nothing but the store and the key
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
        List<String> howToDecode) {

    /**
     * One object of the backup.
     *
     * @param role {@code dump} (pg_dump custom format), {@code globals} (SQL), {@code inventory} (text lines),
     *     {@code tree} (tar), {@code listing} (text lines)
     * @param key within the store
     * @param plainBytes and {@code plainSha256}: before compression and encryption
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
