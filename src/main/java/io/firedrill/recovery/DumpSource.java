package io.firedrill.recovery;

import io.firedrill.proof.Inventory;
import io.firedrill.store.Manifest.DatabaseFacts;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Map;

/** What a database is restored from; open while the restore lasts. */
interface DumpSource extends AutoCloseable {
    DatabaseFacts facts();

    Inventory inventory();

    /** Roles of the source's server, as pg_dumpall writes them, a statement a line; may be none. */
    List<String> globals();

    /** Of the dump, about: for the progress. */
    long dumpBytes();

    /** A custom-format archive; fails at its end, at the latest, unless all of it was right. */
    void dump(OutputStream out) throws IOException;

    /** Notes that the restored database is to carry besides the usual ones. */
    Map<String, String> notes();

    @Override
    void close();
}
