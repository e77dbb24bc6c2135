package io.firedrill.proof;

/** Rows in COPY text form, counted and digested as {@link DatabaseContents.TableContent} has them; order does not count. */
public final class RowsDigest {
    private final CopyText text = new CopyText(null);

    /** One row as the protocol hands it out, its line end included. */
    public void add(byte[] row) {
        text.row(row);
    }

    public long rows() {
        return text.rows();
    }

    public String digest() {
        return text.digest();
    }
}
