-- What backups exist and where: a cache of the stores' manifests and verdicts. Everything here can be thrown away;
-- "firedrill backups rescan" fills it again.
create schema if not exists firedrill;

create table firedrill.backup (
    id          text primary key,
    service     text not null,
    snapshot_at timestamptz not null,
    manifest    text not null
);

create index backup_newest on firedrill.backup (service, snapshot_at desc);

create table firedrill.backup_copy (
    id         text not null references firedrill.backup on delete cascade,
    store      text not null,
    state      text not null check (state in ('UNCHECKED', 'VERIFIED', 'QUARANTINED')),
    checked_at timestamptz,
    note       text not null,
    primary key (id, store)
);

-- One row once the stores have been scanned; an empty catalogue without it says nothing about the stores.
create table firedrill.catalog_scan (
    only_row   boolean primary key default true check (only_row),
    scanned_at timestamptz not null
);
