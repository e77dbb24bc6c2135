-- Who is signed in, so that any server can go on with a session. The first two tables are Spring Session's own.
create table firedrill.session (
    primary_id            char(36) primary key,
    session_id            char(36) not null unique,
    creation_time         bigint not null,
    last_access_time      bigint not null,
    max_inactive_interval int not null,
    expiry_time           bigint not null,
    principal_name        varchar(100)
);
create index session_expiry on firedrill.session (expiry_time);
create index session_person on firedrill.session (principal_name);

create table firedrill.session_attributes (
    session_primary_id char(36) not null references firedrill.session on delete cascade,
    attribute_name     varchar(200) not null,
    attribute_bytes    bytea not null,
    primary key (session_primary_id, attribute_name)
);
comment on column firedrill.session_attributes.attribute_bytes is 'JSON, see docs/high-availability.md';

-- Wrong attempts to sign in, counted over all servers.
create table firedrill.sign_in_failure (
    kind     text not null check (kind in ('name', 'address')),
    subject  text not null,
    failures int not null,
    until    timestamptz not null,
    last_at  timestamptz not null,
    primary key (kind, subject)
);
comment on column firedrill.sign_in_failure.until is 'A name: refused until then; an address: end of the window that failures are counted in';
