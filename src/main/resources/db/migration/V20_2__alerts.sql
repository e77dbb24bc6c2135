-- Alerts that were told, by their key, and what they led to: the same alert told again, to whichever server, starts nothing.
create table firedrill.alert (
    key         text primary key,
    episode     text not null,
    name        text not null,
    service     text not null,
    cause       text,
    run         bigint not null,
    told        integer not null,
    first_at    timestamptz not null,
    last_at     timestamptz not null,
    resolved_at timestamptz
);
comment on column firedrill.alert.key is 'SHA-256 of the fingerprint and start, or of the event''s source and id';
comment on column firedrill.alert.run is '0: it started none';
create index alert_service on firedrill.alert (service, first_at desc);
create index alert_episode on firedrill.alert using hash (episode);
