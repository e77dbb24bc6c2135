-- Legal holds, one word per copy: a cache of the marks held.MOMENT.json and released.MOMENT.json in the stores.
alter table firedrill.backup_copy
    add held        boolean,
    add hold_at     timestamptz,
    add hold_by     text,
    add hold_reason text;
