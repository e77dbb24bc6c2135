-- The audit trail: append-only and hash-chained. In a schema of its own, so that it can belong to somebody else than the
-- role Firedrill signs in with; see docs/audit.md.
create schema firedrill_audit;

create table firedrill_audit.entry (
    n        bigint primary key check (n > 0),
    entry    json not null,
    hash     text not null,
    id       text not null generated always as (entry ->> 'id') stored unique,
    who      text not null generated always as (left(entry ->> 'who', 200)) stored,
    action   text not null generated always as (left(entry ->> 'action', 200)) stored,
    outcome  text not null generated always as (entry ->> 'outcome') stored,
    incident text generated always as (left(entry ->> 'incident', 200)) stored,
    at       timestamptz not null,
    constraint hash_is_right check (hash = encode(sha256(convert_to(entry::text, 'UTF8')), 'hex'))
);
comment on column firedrill_audit.entry.entry is 'One line of canonical JSON; its own UTF-8 is what is hashed and exported';
comment on column firedrill_audit.entry.hash is 'SHA-256 of that line, lower-case hex; the next entry names it as prev';
create index entry_incident on firedrill_audit.entry (incident, n) where incident is not null;
create index entry_who on firedrill_audit.entry (who, n);
create index entry_at on firedrill_audit.entry (at);

create table firedrill_audit.shown (
    digest  text primary key check (digest = encode(sha256(convert_to(content, 'UTF8')), 'hex')),
    content text not null
);
comment on table firedrill_audit.shown is 'What people were shown when they decided, by its SHA-256, which their entry names as saw';

create function firedrill_audit.chained() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
    if new.n <> (new.entry ->> 'n')::bigint or (new.entry ->> 'prev') is distinct from
            coalesce((select hash from firedrill_audit.entry where n = new.n - 1), repeat('0', 64)) then
        raise exception 'Entry % is not chained to the one before', new.n using errcode = 'integrity_constraint_violation';
    end if;
    new.at := (new.entry ->> 'at')::timestamptz;
    return new;
end $$;
create trigger chained before insert on firedrill_audit.entry for each row execute function firedrill_audit.chained();

create function firedrill_audit.refuse() returns trigger language plpgsql set search_path = pg_catalog as $$
begin
    raise exception '% of % is refused: the audit trail is append-only', lower(tg_op), tg_table_name
        using errcode = 'insufficient_privilege';
end $$;
create trigger append_only before update or delete or truncate on firedrill_audit.entry
    for each statement execute function firedrill_audit.refuse();
create trigger append_only before update or delete or truncate on firedrill_audit.shown
    for each statement execute function firedrill_audit.refuse();
-- Also in a session that calls itself a replica.
alter table firedrill_audit.entry enable always trigger chained;
alter table firedrill_audit.entry enable always trigger append_only;
alter table firedrill_audit.shown enable always trigger append_only;
revoke update, delete, truncate, references, trigger on firedrill_audit.entry, firedrill_audit.shown from current_user;

-- How far the engine's records are chained. history: the engine's own tables are made anew with a new engine.
create table firedrill.audited_history (
    history   oid not null,
    partition integer not null,
    position  bigint not null,
    primary key (history, partition)
);

comment on table firedrill.access_log is 'No longer written: see firedrill_audit.entry';
