package io.firedrill.physical;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/** Digests one file after the other, block by block, as their bytes come; nothing is copied. */
final class BlockDigests {
    private static final int SHA256 = 32;

    private final MessageDigest sha = BackupManifest.sha("SHA-256");
    private final byte[] whole = new byte[SHA256];
    private byte[] digests = new byte[0];
    private int block;
    private int inBlock;

    void begin(long bytes) {
        int needed = BlockMap.blocks(bytes) * BlockMap.DIGEST;
        digests = needed > digests.length ? new byte[needed] : digests;
        block = 0;
        inBlock = 0;
        sha.reset();
    }

    /** How many bytes may come next without crossing into another block. */
    int room() {
        return BlockMap.BLOCK - inBlock;
    }

    /** At most {@link #room} bytes; tells whether that ended a block. */
    boolean take(byte[] buffer, int offset, int length) {
        sha.update(buffer, offset, length);
        inBlock += length;
        if (inBlock == BlockMap.BLOCK) {
            closeBlock();
            return true;
        }
        return false;
    }

    /** The last block may be short; tells whether there was one. */
    boolean end() {
        if (inBlock == 0) {
            return false;
        }
        closeBlock();
        return true;
    }

    private void closeBlock() {
        try {
            sha.digest(whole, 0, SHA256);
        } catch (DigestException e) {
            throw new IllegalStateException("a SHA-256 has 32 bytes", e);
        }
        System.arraycopy(whole, 0, digests, block * BlockMap.DIGEST, BlockMap.DIGEST);
        block++;
        inBlock = 0;
    }

    /** Number of the next block. */
    int block() {
        return block;
    }

    /** Of the block that was ended last. */
    byte[] last() {
        return Arrays.copyOfRange(digests, (block - 1) * BlockMap.DIGEST, block * BlockMap.DIGEST);
    }

    /** All of the file; valid until the next one begins. */
    byte[] all() {
        return digests;
    }
}
