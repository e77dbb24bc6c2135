package io.firedrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DigestsTest {
    private static final BigInteger MODULUS = BigInteger.ONE.shiftLeft(256);

    @Test
    void sumIsModuloTwoToThe256() {
        Random random = new Random(7);
        DigestSum sum = new DigestSum();
        BigInteger expected = BigInteger.ZERO;
        for (int i = 0; i < 1000; i++) {
            byte[] digest = new byte[32];
            random.nextBytes(digest);
            if (i % 10 == 0) {
                java.util.Arrays.fill(digest, i % 20 == 0 ? (byte) -1 : 0);
            }
            sum.add(digest);
            expected = expected.add(new BigInteger(1, digest)).mod(MODULUS);
        }
        assertThat(new BigInteger(sum.hex(), 16)).isEqualTo(expected);
        assertThat(sum.count()).isEqualTo(1000);
    }

    @Test
    void orderDoesNotMatterDoublesDo() {
        List<byte[]> digests = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            digests.add(digest(i));
        }
        String one = sum(digests);
        Collections.shuffle(digests, new Random(3));
        assertThat(sum(digests)).isEqualTo(one);
        digests.add(digest(1));
        digests.add(digest(1));
        assertThat(sum(digests)).isNotEqualTo(one);
    }

    private static byte[] digest(int of) {
        byte[] digest = new byte[32];
        Sha256 sha256 = new Sha256();
        sha256.add((long) of);
        sha256.finishInto(digest);
        return digest;
    }

    private static String sum(List<byte[]> digests) {
        DigestSum sum = new DigestSum();
        digests.forEach(sum::add);
        return sum.hex();
    }

    @Test
    void holesAreZerosAndLengthCounts() {
        SparseDigest written = new SparseDigest(9);
        byte[] whole = new byte[4096];
        whole[4000] = 1;
        written.add(0, whole, 0, 4096);
        SparseDigest sparse = new SparseDigest(9);
        sparse.add(2048, whole, 2048, 2048);
        SparseDigest shorter = new SparseDigest(9);
        shorter.add(0, whole, 0, 4095);
        assertThat(hex(sparse)).isEqualTo(hex(written));
        assertThat(hex(shorter)).isNotEqualTo(hex(new SparseDigest(9)));
        SparseDigest again = new SparseDigest(9);
        again.add(0, whole, 0, 4096);
        SparseDigest cut = new SparseDigest(9);
        cut.add(0, whole, 0, 4095);
        assertThat(hex(cut)).isNotEqualTo(hex(again));
    }

    private static String hex(SparseDigest digest) {
        byte[] out = new byte[32];
        digest.finishInto(out);
        return java.util.HexFormat.of().formatHex(out);
    }
}
