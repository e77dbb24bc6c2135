package io.firedrill.store;

/**
 * How a stream is cut into the parts of a multipart upload: at least 5 MiB each but the last, at most 10,000, for objects
 * of up to 5 TiB.
 */
@FunctionalInterface
interface PartSizes {
    int MIB = 1 << 20;
    int SMALLEST = 8 * MIB;
    int LARGEST = 1 << 30;

    /** Bytes of the part with this number, from 1 on. */
    int of(int number);

    /** For a length that is not known: 8 MiB, doubled after every 800 parts, up to 1 GiB. */
    static PartSizes growing() {
        return number -> (int) Math.min((long) SMALLEST << Math.min(20, (number - 1) / 800), LARGEST);
    }

    /** All alike and always the same for a length, so that another try cuts at the same places. */
    static PartSizes forLength(long bytes) {
        long needed = (bytes + 9_499) / 9_500;
        int size = (int) Math.min(Math.max(SMALLEST, (needed + MIB - 1) / MIB * MIB), LARGEST);
        return number -> size;
    }
}
