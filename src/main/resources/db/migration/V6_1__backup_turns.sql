-- Which run takes which kind of backup of a service now: one row each, so that two servers cannot both have the turn.
create table firedrill.backup_turn (
    service text not null,
    kind    text not null,
    run     bigint not null,
    since   timestamptz not null,
    primary key (service, kind)
);
