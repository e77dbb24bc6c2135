-- The newest run that was started of each subject ("servers of shop", "recovery of shop"): the history tells of it a moment later.
create table firedrill.start_turn (
    subject text primary key,
    run     bigint not null,
    since   timestamptz not null
);
