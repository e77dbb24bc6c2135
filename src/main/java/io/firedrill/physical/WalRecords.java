package io.firedrill.physical;

import io.firedrill.tool.Lsn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Walks along WAL as it streams by, record by record (xlogrecord.h and xlog_internal.h, the same since PostgreSQL 9.5):
 * every record's CRC is checked, and the times of commits and aborts are noted. Little-endian servers, pages of 8 KiB.
 * It may begin with any segment: the end of a record whose beginning is in an earlier one is passed over.
 */
public final class WalRecords {
    static final int PAGE = 8192;
    private static final int SHORT_HEADER = 24;
    private static final int LONG_HEADER = 40;
    private static final int RECORD_HEADER = 24;
    private static final int CRC_AT = 20;
    private static final int IS_CONTINUATION = 1;
    private static final int IS_LONG = 2;
    private static final int IS_OVERWRITE = 8;
    private static final int RM_XLOG = 0;
    private static final int RM_XACT = 1;
    private static final int XLOG_SWITCH = 0x40;
    private static final int XACT_PREPARE = 0x10;
    private static final long EPOCH_2000 = 946_684_800L;

    private final byte[] page = new byte[PAGE];
    private final ByteBuffer view = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    private final byte[] head = new byte[64];
    private final ByteBuffer headView = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    private final CRC32C crc = new CRC32C();
    private int inPage;
    private long address;
    private long segmentEnd;
    private long total;
    private long have;
    private boolean skipping;
    private boolean ended;
    private boolean switched;
    private @Nullable Lsn validTo;
    private @Nullable Instant newest;
    private @Nullable Instant oldest;
    private @Nullable String trouble;
    private @Nullable String system;
    private int timeline;

    /** The next segment's bytes follow. */
    public void segment(WalName name) {
        if (address != 0 && name.start().value() != address) {
            // Not the successor: a record that goes on cannot be followed.
            total = 0;
        }
        address = name.start().value();
        segmentEnd = name.end().value();
        timeline = name.timeline();
        inPage = 0;
        switched = false;
    }

    public void bytes(byte[] buffer, int offset, int length) {
        int at = offset;
        while (at < offset + length) {
            int n = Math.min(PAGE - inPage, offset + length - at);
            System.arraycopy(buffer, at, page, inPage, n);
            inPage += n;
            at += n;
            if (inPage == PAGE) {
                inPage = 0;
                if (!ended && !switched && trouble == null) {
                    walk();
                }
                address += PAGE;
            }
        }
    }

    /** The end of the last whole record; empty when there was none. */
    public Optional<Lsn> validTo() {
        return Optional.ofNullable(validTo);
    }

    /** The time of the commit or abort that has the latest. */
    public Optional<Instant> newest() {
        return Optional.ofNullable(newest);
    }

    public Optional<Instant> oldest() {
        return Optional.ofNullable(oldest);
    }

    /** What is wrong; what follows it was not looked at. */
    public Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    /** Decimal, of the last segment's header. */
    public Optional<String> systemIdentifier() {
        return Optional.ofNullable(system);
    }

    private void walk() {
        int info = view.getShort(2);
        if (view.getShort(0) == 0) {
            ended = true;
            return;
        }
        if (view.getLong(8) != address) {
            trouble = "the page at %s says that it is %s".formatted(new Lsn(address), new Lsn(view.getLong(8)));
            return;
        }
        int at = SHORT_HEADER;
        if ((info & IS_LONG) != 0) {
            at = LONG_HEADER;
            system = Long.toUnsignedString(view.getLong(24));
        }
        at = continued(info, at);
        while (at >= 0 && at < PAGE && trouble == null && !switched) {
            at = record(at);
        }
    }

    /** @return where the first record that begins on this page begins */
    private int continued(int info, int at) {
        if ((info & IS_OVERWRITE) != 0) {
            total = 0;
            skipping = false;
        }
        if ((info & IS_CONTINUATION) == 0) {
            if (total > have && !skipping) {
                trouble = "the record before %s does not go on".formatted(new Lsn(address));
            }
            total = 0;
            return at;
        }
        int rest = view.getInt(16);
        if (total == 0) {
            skipping = true;
            total = rest;
            have = 0;
        } else if (rest != total - have) {
            trouble = "the record before %s goes on with %d bytes, not %d".formatted(new Lsn(address), rest, total - have);
            return PAGE;
        }
        return take(at);
    }

    private int record(int at) {
        total = Integer.toUnsignedLong(view.getInt(at));
        if (total == 0) {
            ended = true;
            return PAGE;
        }
        if (total < RECORD_HEADER) {
            trouble = "the record at %s has an impossible length, %d".formatted(new Lsn(address + at), total);
            return PAGE;
        }
        have = 0;
        skipping = false;
        crc.reset();
        return take(at);
    }

    /** Takes what this page has of the current record. */
    private int take(int at) {
        int n = (int) Math.min(total - have, PAGE - at);
        if (!skipping) {
            int keep = (int) Math.max(0, Math.min(head.length - have, n));
            System.arraycopy(page, at, head, (int) Math.min(have, head.length), keep);
            int after = (int) Math.max(0, Math.min(RECORD_HEADER - have, n));
            crc.update(page, at + after, n - after);
        }
        have += n;
        if (have < total) {
            return PAGE;
        }
        whole(at + n);
        total = 0;
        return at + n + 7 & ~7;
    }

    private void whole(int end) {
        Lsn to = new Lsn(address + (end + 7 & ~7));
        if (!skipping) {
            crc.update(head, 0, CRC_AT);
            if ((int) crc.getValue() != headView.getInt(CRC_AT)) {
                trouble = "the record that ends at %s on timeline %d has a wrong CRC".formatted(to, timeline);
                return;
            }
            look();
        }
        skipping = false;
        validTo = switched ? new Lsn(segmentEnd) : to;
    }

    private void look() {
        int info = head[16] & 0xf0;
        int manager = head[17];
        if (manager == RM_XLOG && info == XLOG_SWITCH) {
            switched = true;
        }
        if (manager == RM_XACT && (info & 0x70) != XACT_PREPARE && (info & 0x70) <= 0x40) {
            time().ifPresent(at -> {
                newest = newest == null || at.isAfter(newest) ? at : newest;
                oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
            });
        }
    }

    /** Commits and aborts have no pages, and their time first: after the marks of main data, origin and outer transaction. */
    private Optional<Instant> time() {
        int at = RECORD_HEADER;
        for (int marks = 0; marks < 3; marks++) {
            switch (head[at] & 0xff) {
                case 255 -> {
                    return Optional.of(instant(headView.getLong(at + 2)));
                }
                case 254 -> {
                    return Optional.of(instant(headView.getLong(at + 5)));
                }
                case 253 -> at += 3;
                case 252 -> at += 5;
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    /** Microseconds from the year 2000. */
    private static Instant instant(long micros) {
        return Instant.ofEpochSecond(EPOCH_2000 + Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1000);
    }
}
