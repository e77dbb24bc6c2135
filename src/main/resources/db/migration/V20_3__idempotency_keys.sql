-- Keys that programs gave to what they started (header Idempotency-Key), and what they were answered.
create table firedrill.idempotency_key (
    key     text primary key,
    request text not null,
    status  integer,
    answer  text,
    at      timestamptz not null
);
comment on column firedrill.idempotency_key.key is 'SHA-256 of who sent it and the key';
comment on column firedrill.idempotency_key.request is 'SHA-256 of path and body';
create index idempotency_key_at on firedrill.idempotency_key (at);
