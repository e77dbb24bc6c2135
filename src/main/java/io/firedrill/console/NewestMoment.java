package io.firedrill.console;

import io.firedrill.catalog.CatalogEntry;
import io.firedrill.catalog.CatalogEntry.State;
import io.firedrill.physical.WalStatus;
import io.firedrill.plan.BackupKind;
import io.firedrill.plan.Database;
import io.firedrill.plan.Service;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The newest moment that the good backups of a service bring back. */
final class NewestMoment {
    private final Service service;
    private final List<CatalogEntry> entries;
    private final List<WalStatus> wal;

    /**
     * @param entries of this service
     * @param wal of all servers whose WAL is received
     */
    NewestMoment(Service service, List<CatalogEntry> entries, List<WalStatus> wal) {
        this.service = service;
        this.entries = entries;
        this.wal = wal;
    }

    /** Of the database or file set that can be brought back the least far; empty when one has no good backup. */
    Optional<Instant> ofAll() {
        List<Optional<Instant>> newest = Stream.concat(
                        service.databases().values().stream().map(this::of), service.fileSets().keySet().stream().map(this::ofFiles))
                .toList();
        return newest.stream().allMatch(Optional::isPresent)
                ? newest.stream().map(Optional::get).min(Comparator.naturalOrder())
                : Optional.empty();
    }

    private Optional<Instant> ofFiles(String fileSet) {
        return entries(BackupKind.FILES, fileSet).filter(NewestMoment::good).map(NewestMoment::at).max(Comparator.naturalOrder());
    }

    /** By its own dumps, by base backups of its server, and by the WAL after those. */
    private Optional<Instant> of(Database database) {
        String server = service.serverOf(database).name();
        Stream<Instant> dumps = entries(BackupKind.LOGICAL, database.name()).filter(NewestMoment::good).map(NewestMoment::at);
        Stream<Instant> bases = entries(BackupKind.PHYSICAL, server).filter(NewestMoment::good).map(NewestMoment::at);
        return Stream.of(dumps, bases, byWal(server).stream()).flatMap(moments -> moments).max(Comparator.naturalOrder());
    }

    /** Whether WAL is missing is told of the newest base backup: its WAL counts for nothing unless that one is good. */
    private Optional<Instant> byWal(String server) {
        return entries(BackupKind.PHYSICAL, server)
                .max(Comparator.comparing(NewestMoment::at))
                .filter(NewestMoment::good)
                .flatMap(base -> wal.stream()
                        .filter(one -> one.service().equals(service.name()) && one.source().equals(server) && one.gap() == null)
                        .flatMap(one -> Optional.ofNullable(one.recoverableTo()).stream())
                        .findFirst());
    }

    private Stream<CatalogEntry> entries(BackupKind kind, String source) {
        return entries.stream().filter(entry -> entry.manifest().kind() == kind && entry.manifest().source().equals(source));
    }

    private static boolean good(CatalogEntry entry) {
        return entry.state() == State.VERIFIED;
    }

    private static Instant at(CatalogEntry entry) {
        return entry.manifest().snapshotAt();
    }
}
