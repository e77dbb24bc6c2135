-- Who may do what, and who did or tried what. Passwords, links and tokens are kept as hashes only.
create table firedrill.account (
    name               text primary key check (name = lower(name)),
    roles              text[] not null,
    password_hash      text,
    invitation_hash    bytea unique,
    invitation_ends_at timestamptz,
    created_by         text not null,
    created_at         timestamptz not null,
    disabled_at        timestamptz
);
comment on column firedrill.account.invitation_hash is 'SHA-256 of the one-time link that lets its holder set the password';

create table firedrill.api_token (
    name         text primary key,
    role         text not null,
    owner        text not null,
    hash         bytea not null unique,
    created_by   text not null,
    created_at   timestamptz not null,
    last_used_at timestamptz,
    revoked_at   timestamptz
);
comment on column firedrill.api_token.owner is 'The person in whose name it acts; four eyes compares these names';

create table firedrill.access_log (
    id      bigint generated always as identity primary key,
    at      timestamptz not null,
    who     text not null,
    address text not null,
    outcome text not null check (outcome in ('allowed', 'denied')),
    what    text not null,
    detail  text not null
);
create index access_log_newest on firedrill.access_log (at desc);
