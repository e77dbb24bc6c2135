package io.firedrill.proof;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowsInDumpTest {
    @Test
    void textInAnyPiecesGivesTheSumOfItsRowsHashes() throws Exception {
        Random random = new Random(5);
        StringBuilder text = new StringBuilder();
        BigInteger sum = BigInteger.ZERO;
        for (int row = 0; row < 300; row++) {
            String a = word(random, row % 50 == 0 ? 100_000 : 20);
            String b = word(random, 9);
            String c = word(random, 3);
            text.append(c).append('\t').append(a).append('\t').append(b).append('\n');
            sum = sum.add(sha256(a + "\t" + b + "\t" + c + "\n"));
        }
        String expected = "%064x".formatted(sum.mod(BigInteger.ONE.shiftLeft(256)));
        byte[] all = text.append("\\.\n\n\n").toString().getBytes(StandardCharsets.UTF_8);
        for (int largest : new int[] {1, 7, 64, 5000, all.length}) {
            CopyText rows = new CopyText(new int[] {1, 2, 0});
            for (int at = 0; at < all.length; ) {
                int n = Math.min(all.length - at, 1 + random.nextInt(largest));
                rows.add(all, at, at + n);
                at += n;
            }
            assertThat(rows.ended()).isTrue();
            assertThat(rows.rows()).isEqualTo(300);
            assertThat(rows.digest()).isEqualTo(expected);
        }
    }

    private static String word(Random random, int longest) {
        StringBuilder word = new StringBuilder();
        random.ints(random.nextInt(longest + 1), 0, 4).forEach(i -> word.append("x\\☃\b".charAt(i)));
        return word.toString();
    }

    private static BigInteger sha256(String text) throws Exception {
        return new BigInteger(1, MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\n", "1\t2\t3\n", "1\t2\n\\.\n1\t2\n"})
    void whatIsNoRowOfTheTableIsRefused(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThatThrownBy(() -> new CopyText(new int[] {1, 0}).add(bytes, 0, bytes.length))
                .isInstanceOf(CopyText.Unexpected.class);
    }

    @Test
    void columnsAreFoundInTheStatementWhateverTheirNames() {
        CopyStatement odd = statement("COPY \"s(\".\"a \"\"(x), \"\" b\" (\"select\", \"a\"\"b\", \"x, y\", \"Z\") FROM stdin;\n");
        assertThat(odd.columns()).isEqualTo(4);
        assertThat(odd.order()).containsExactly(3, 1, 0, 2);
        assertThat(statement("COPY \"s\".\"t\" (\"a\", \"b\") FROM stdin;\n").order()).isNull();
        assertThat(statement("COPY \"s\".\"none\"  FROM stdin;\n").columns()).isZero();
    }

    private static CopyStatement statement(String text) {
        return CopyStatement.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"COPY s.t (\"a\") FROM stdin;\n", "COPY \"s\".\"t\" (\"a\") FROM stdin WITH (FORMAT binary);\n", ""})
    void aStatementWrittenOtherwiseTellsNothing(String text) {
        assertThat(statement(text)).isNull();
    }

    @Test
    void whatIsNoArchiveTellsNothingAndPassesUnharmed() throws IOException, InterruptedException {
        byte[] noise = new byte[5_000_000];
        new Random(3).nextBytes(noise);
        try (RowsInDump rows = RowsInDump.listening()) {
            java.io.ByteArrayOutputStream passed = new java.io.ByteArrayOutputStream();
            OutputStream tapped = rows.before(passed);
            tapped.write(noise);
            rows.end();
            assertThat(rows.await()).isEmpty();
            assertThat(passed.toByteArray()).isEqualTo(noise);
        }
    }
}
