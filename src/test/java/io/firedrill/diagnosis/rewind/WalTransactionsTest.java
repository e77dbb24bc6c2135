package io.firedrill.diagnosis.rewind;

import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.tool.Lsn;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class WalTransactionsTest {
    private static final RelationFile TABLE = new RelationFile(1663, 5, 16384);

    private final List<WalTransaction> committed = new ArrayList<>();
    private final WalTransactions transactions = new WalTransactions(file -> true, committed::add);

    private void read(String manager, long xid, String lsn, String desc) {
        transactions.accept("rmgr: %-11s len (rec/tot):     54/    54, tx: %10d, lsn: %s, prev 0/01934A98, desc: %s"
                .formatted(manager, xid, lsn, desc));
    }

    @Test
    void countsRowsOfACommittedTransactionWithItsSavepoints() {
        read("Heap", 725, "0/01571160", "DELETE off 1 flags 0x00 KEYS_UPDATED , blkref #0: rel 1663/5/16384 blk 0 FPW");
        read("Heap", 726, "0/01571170", "HOT_UPDATE off 1 xmax 729 flags 0x60 ; new off 5 xmax 0, blkref #0: rel 1663/5/16384 blk 1");
        read("Heap2", 725, "0/01571180", "MULTI_INSERT+INIT 7 tuples flags 0x02, blkref #0: rel 1663/5/16384 blk 57");
        read("Transaction", 725, "0/015712A0", "COMMIT 2026-11-24 02:48:09.459624 UTC; subxacts: 726");
        assertThat(committed).containsExactly(new WalTransaction(725, Lsn.parse("0/1571160"), Lsn.parse("0/15712A0"),
                Instant.parse("2026-11-24T02:48:09.459624Z"), Map.of(TABLE, new Rows(7, 1, 1)), Set.of(), Set.of(), Set.of(), Set.of()));
    }

    @Test
    void forgetsWhatWasRolledBack() {
        read("Heap", 744, "0/1", "DELETE off 1 flags 0x00, blkref #0: rel 1663/5/16384 blk 0");
        read("Heap", 745, "0/2", "DELETE off 2 flags 0x00, blkref #0: rel 1663/5/16384 blk 0");
        read("Transaction", 744, "0/3", "ABORT 2026-11-24 02:49:24.741936 UTC; subxacts: 745");
        read("Transaction", 744, "0/4", "COMMIT 2026-11-24 02:49:24.741936 UTC; subxacts: 745");
        assertThat(committed).singleElement().satisfies(empty -> assertThat(empty.rows()).isEmpty());
    }

    @Test
    void aPreparedTransactionCountsWhenItIsCommittedUnderItsOwnNumber() {
        read("Heap", 743, "0/1", "DELETE off 1 flags 0x00, blkref #0: rel 1663/5/16384 blk 0");
        read("Transaction", 743, "0/2", "PREPARE gid my gid: 2026-11-24 02:49:24.741403 UTC");
        assertThat(committed).isEmpty();
        read("Transaction", 0, "0/3", "COMMIT_PREPARED 743: 2026-11-24 02:49:24.741565 UTC");
        assertThat(committed).singleElement().satisfies(prepared -> {
            assertThat(prepared.xid()).isEqualTo(743);
            assertThat(prepared.rows()).containsEntry(TABLE, new Rows(0, 0, 1));
        });
    }

    @Test
    void aCommitTellsFilesAndRelationsThatWent() {
        read("Storage", 9, "0/1", "CREATE pg_tblspc/16500/PG_15_202209061/5/16999");
        read("Transaction", 9, "0/2", "COMMIT 2026-11-24 02:48:09 UTC; rels: base/5/16384 global/1262 base/5/t3_16400;"
                + " dropped stats: 2/5/16410 1/5/0; inval msgs: catcache 80");
        assertThat(committed).singleElement().satisfies(commit -> {
            assertThat(commit.created()).containsExactly(new RelationFile(16500, 5, 16999));
            assertThat(commit.removed()).containsExactlyInAnyOrder(TABLE, new RelationFile(1664, 0, 1262));
            assertThat(commit.droppedRelations()).containsExactly(16410L);
        });
    }

    @Test
    void readsTheFormOfNewerVersions() {
        read("Heap2", 9, "0/1", "MULTI_INSERT ntuples: 3, flags: 0x02, offsets: [1, 2, 3], blkref #0: rel 1663/5/16384 blk 0");
        read("Heap", 9, "0/1", "DELETE xmax: 9, off: 1, infobits: [KEYS_UPDATED], flags: 0x00, blkref #0: rel 1663/5/16384 blk 0");
        read("Transaction", 9, "0/2", "COMMIT 2026-11-24 02:48:09.459624 UTC");
        assertThat(committed).singleElement().satisfies(commit ->
                assertThat(commit.rows()).containsEntry(TABLE, new Rows(3, 0, 1)));
    }
}
