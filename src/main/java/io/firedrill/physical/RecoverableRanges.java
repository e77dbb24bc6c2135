package io.firedrill.physical;

import io.firedrill.tool.Lsn;
import io.firedrill.plan.BackupKind;
import io.firedrill.store.Keys;
import io.firedrill.store.Manifest;
import io.firedrill.store.Manifests;
import io.firedrill.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells from a store alone which moments of a server can be brought back: its base backups and the WAL that follows each. */
public final class RecoverableRanges {
    private final WalArchive archive;
    private final List<WalObject> objects;
    private final Map<Integer, Map<Long, List<WalObject>>> segments = new HashMap<>();
    private final List<Branch> branches = new ArrayList<>();

    /** Timeline {@code child} left {@code parent} at this position. */
    private record Branch(int parent, int child, Lsn at, WalObject history) {}

    private final Manifest base;
    private final Manifest.ClusterFacts facts;

    private RecoverableRanges(WalArchive archive, List<WalObject> all, Manifest base, Manifest.ClusterFacts facts) {
        this.archive = archive;
        this.base = base;
        this.facts = facts;
        this.objects = all.stream().filter(object -> object.system().equals(facts.systemIdentifier())).toList();
        objects.forEach(this::sort);
    }

    /** Of every base backup there is, newest first; one for each timeline that it reaches. */
    public static List<RecoverableRange> of(Store store, Keys keys, WalSource source) {
        return of(store, keys, source, Manifests.list(store, source.service()));
    }

    /** As above, of these manifests; those that are no physical backups of the source are passed over. */
    public static List<RecoverableRange> of(Store store, Keys keys, WalSource source, List<Manifest> manifests) {
        WalArchive archive = new WalArchive(store, keys, source);
        List<WalObject> all = archive.list();
        return manifests.stream()
                .filter(manifest -> manifest.kind() == BackupKind.PHYSICAL && manifest.source().equals(source.source()))
                .filter(manifest -> manifest.cluster() != null)
                .sorted(Comparator.comparing(Manifest::snapshotAt).reversed())
                .flatMap(manifest -> new RecoverableRanges(archive, all, manifest, manifest.cluster()).ranges().stream())
                .toList();
    }

    private void sort(WalObject object) {
        if (object.history()) {
            branch(object).ifPresent(branches::add);
        } else {
            WalName.parse(object.name(), facts.walSegmentBytes()).ifPresent(name -> segments
                    .computeIfAbsent(name.timeline(), t -> new HashMap<>())
                    .computeIfAbsent(name.segment(), s -> new ArrayList<>())
                    .add(object));
        }
    }

    /** The last line of a history tells where the timeline left its parent: {@code 1\t0/5000148\treason}. */
    private Optional<Branch> branch(WalObject history) {
        try (InputStream in = archive.open(history)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()
                    .filter(line -> line.matches("\\d+\\t[0-9A-F]+/[0-9A-F]+(\\t.*)?"))
                    .reduce((first, second) -> second)
                    .map(line -> line.split("\t"))
                    .map(words -> new Branch(
                            Integer.parseInt(words[0]), history.timeline(), Lsn.parse(words[1]), history));
        } catch (IOException e) {
            throw new IllegalStateException("sealed readers tell their failures by themselves", e);
        }
    }

    private List<RecoverableRange> ranges() {
        List<RecoverableRange> found = new ArrayList<>();
        long first = Lsn.parse(facts.stopLsn()).lastSegment(facts.walSegmentBytes());
        follow(facts.timeline(), first, facts.stoppedAt(), List.of(), new HashSet<>(), found);
        return found;
    }

    /** The base backup holds the segment {@code first} itself; an archived one of that number is preferred, as it is whole. */
    private void follow(
            int timeline, long first, Instant reached, List<WalObject> before, Set<Integer> seen, List<RecoverableRange> found) {
        if (!seen.add(timeline)) {
            return;
        }
        List<WalObject> wal = new ArrayList<>(before);
        Map<Long, List<WalObject>> there = segments.getOrDefault(timeline, Map.of());
        Instant to = reached;
        long next = first;
        boolean inBase = before.isEmpty();
        while (one(there, next).isPresent() || inBase && next == first) {
            Optional<WalObject> object = one(there, next);
            object.ifPresent(wal::add);
            to = object.flatMap(WalObject::newest).filter(to::isBefore).orElse(to);
            branch(timeline, next, to, wal, seen, found);
            next++;
        }
        branch(timeline, next, to, wal, seen, found);
        Lsn end = new WalName(timeline, next, facts.walSegmentBytes()).start();
        found.add(new RecoverableRange(
                base, timeline, facts.stoppedAt(), to, Lsn.parse(facts.stopLsn()), end, List.copyOf(wal), gap(there, timeline, next)));
    }

    /** A timeline that left in this segment begins with a copy of it. */
    private void branch(
            int timeline, long segment, Instant to, List<WalObject> wal, Set<Integer> seen, List<RecoverableRange> found) {
        for (Branch branch : branches) {
            boolean here = branch.parent() == timeline && branch.at().segment(facts.walSegmentBytes()) == segment
                    && branch.at().compareTo(Lsn.parse(facts.stopLsn())) >= 0;
            if (here && segments.containsKey(branch.child())) {
                List<WalObject> with = new ArrayList<>();
                with.add(branch.history());
                with.addAll(wal);
                follow(branch.child(), segment, to, with, seen, found);
            }
        }
    }

    /** Two different contents of one segment are as bad as none: nobody can tell which is right. */
    private static Optional<WalObject> one(Map<Long, List<WalObject>> there, long segment) {
        List<WalObject> objects = there.getOrDefault(segment, List.of());
        return objects.size() == 1 ? Optional.of(objects.get(0)) : Optional.empty();
    }

    private String gap(Map<Long, List<WalObject>> there, int timeline, long next) {
        if (there.getOrDefault(next, List.of()).size() > 1) {
            return "There are two different versions of WAL segment %s.".formatted(new WalName(timeline, next, facts.walSegmentBytes()));
        }
        return there.keySet().stream()
                .filter(segment -> segment > next)
                .min(Comparator.naturalOrder())
                .map(segment -> "WAL from %s to %s is missing.".formatted(
                        new WalName(timeline, next, facts.walSegmentBytes()),
                        new WalName(timeline, segment - 1, facts.walSegmentBytes())))
                .orElse("");
    }
}
