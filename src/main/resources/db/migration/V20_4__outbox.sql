-- Notifications that a target did not take yet; sent again by any server, also after a restart.
create table firedrill.outbox (
    id       text not null,
    target   text not null,
    message  text not null,
    tries    integer not null,
    first_at timestamptz not null,
    next_at  timestamptz not null,
    problem  text not null,
    primary key (id, target)
);
create index outbox_next on firedrill.outbox (next_at);
