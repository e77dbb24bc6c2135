package io.firedrill.recovery;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the target of one restore was asked before anything moves.
 *
 * @param name the plan's name of the database or file set
 * @param where the server or the folder that the copy is made in
 * @param readBytes to be fetched from the store
 * @param neededBytes on the target's disk, about
 * @param freeBytes there now; null: cannot be seen from here
 * @param disk tells disks of this host apart; null: of another host, or not to be seen
 * @param found what the restore needs and the target has, a sentence each
 */
public record Preflight(
        String name,
        String where,
        long readBytes,
        long neededBytes,
        @Nullable Long freeBytes,
        @Nullable String disk,
        List<String> found) {}
