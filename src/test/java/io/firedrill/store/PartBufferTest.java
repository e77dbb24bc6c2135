package io.firedrill.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PartBufferTest {
    @Test
    void inAFileOrInMemoryAPartIsTheSame() throws IOException {
        byte[] content = new byte[300_000];
        new Random(3).nextBytes(content);
        for (int inMemory : new int[] {0, 1 << 20}) {
            try (PartBuffer part = new PartBuffer(200_000, inMemory)) {
                assertThat(part.take(content, 0, 150_000)).isEqualTo(150_000);
                assertThat(part.full()).isFalse();
                assertThat(part.take(content, 150_000, 150_000)).isEqualTo(50_000);
                assertThat(part.full()).isTrue();
                for (int i = 0; i < 2; i++) {
                    assertThat(part.content().readAllBytes()).isEqualTo(java.util.Arrays.copyOf(content, 200_000));
                }
                assertThat(part.bytesInMemory() == 0).isEqualTo(inMemory == 0);
            }
        }
    }

    @Test
    void fiveTebibytesFitIntoTenThousandParts() {
        for (PartSizes sizes : new PartSizes[] {PartSizes.growing(), PartSizes.forLength(5L << 40)}) {
            long sum = 0;
            for (int number = 1; number <= 10_000; number++) {
                assertThat(sizes.of(number)).isBetween(5 << 20, Integer.MAX_VALUE);
                sum += sizes.of(number);
            }
            assertThat(sum).isGreaterThanOrEqualTo(5L << 40);
        }
        assertThat(PartSizes.forLength(10).of(1)).isEqualTo(8 << 20);
    }
}
