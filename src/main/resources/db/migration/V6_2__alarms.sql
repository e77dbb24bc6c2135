-- Alarms that are raised now: told once when they are raised and once when they are over, by whichever server sees it first.
create table firedrill.alarm (
    key   text primary key,
    since timestamptz not null
);
