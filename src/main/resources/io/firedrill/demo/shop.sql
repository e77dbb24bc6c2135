-- The demo's shop: 370,000 rows, made in a few seconds. Every value follows from its number, so that two demos hold the
-- same data.
begin;
set local role shop_owner;

create schema shop authorization shop_owner;
alter database shop set search_path = shop, public;
set local search_path = shop, public;
grant usage on schema shop to shop_app;

create table users (
    id bigint generated always as identity primary key,
    email text not null unique,
    full_name text not null,
    country char(2) not null,
    registered_at timestamptz not null,
    newsletter boolean not null default false,
    profile jsonb not null default '{}'
);

create sequence order_number start with 1000000;

create table orders (
    id bigint primary key,
    number bigint not null unique default nextval('order_number'),
    user_id bigint not null references users,
    status text not null check (status in ('new', 'paid', 'shipped', 'returned')),
    placed_at timestamptz not null,
    note text
);
alter sequence order_number owned by orders.number;

create table order_items (
    order_id bigint not null references orders,
    line int not null,
    product text not null,
    quantity int not null check (quantity > 0),
    unit_price numeric(10, 2) not null check (unit_price >= 0),
    primary key (order_id, line)
);

-- title of each printed catalogue and the large object that holds it
create table documents (
    id int primary key,
    title text not null,
    content oid not null
);

insert into users (email, full_name, country, registered_at, newsletter, profile)
select 'user' || n || '@example.org',
       (array['Ada', 'Björn', 'Chloé', 'Dmitri', 'Eun-ji', 'Fatima', 'Grace', 'Hiro'])[1 + n % 8] || ' '
           || (array['Adams', 'Núñez', 'O''Neil', 'Schmidt', 'Tanaka', 'Virtanen', 'Weiß'])[1 + n % 7],
       (array['DE', 'FI', 'FR', 'JP', 'KR', 'US'])[1 + n % 6],
       timestamptz '2024-01-01 00:00:00+00' + n * interval '37 minutes',
       n % 3 = 0,
       jsonb_build_object('visits', n % 97, 'tags', jsonb_build_array('t' || n % 5, 't' || n % 11))
from generate_series(1, 20000) n;

insert into orders (id, user_id, status, placed_at, note)
select n,
       1 + (n * 7919) % 20000,
       (array['new', 'paid', 'shipped', 'shipped', 'shipped', 'returned'])[1 + n % 6],
       timestamptz '2025-01-01 00:00:00+00' + n * interval '4 minutes',
       case when n % 50 = 0 then 'leave it at the door' end
from generate_series(1, 100000) n;

insert into order_items (order_id, line, product, quantity, unit_price)
select n, line, 'SKU-' || lpad(((n * 31 + line * 17) % 5000)::text, 5, '0'), 1 + (n + line) % 4,
       (((n * 13 + line * 7) % 20000) / 100.0)::numeric(10, 2)
from generate_series(1, 100000) n, generate_series(1, 2 + (n % 2)) line;

create index orders_by_user on orders (user_id);
create index orders_by_time on orders (placed_at);
create index items_by_product on order_items (product);

create view order_totals as
select o.id, o.number, o.user_id, sum(i.quantity * i.unit_price) as total
from orders o
join order_items i on i.order_id = o.id
group by o.id;

insert into documents (id, title, content)
values (1, 'Spring catalogue', lo_from_bytea(0, (
    select string_agg(sha256(n::text::bytea), ''::bytea order by n) from generate_series(1, 32768) n)));

grant select, insert, update, delete on users, orders, order_items to shop_app;
grant select on order_totals, documents to shop_app;
grant usage on sequence order_number to shop_app;
comment on table orders is 'What customers bought';
commit;

analyze;
