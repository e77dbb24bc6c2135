-- A database with one of everything that PostgreSQL 15 has, of the kind that nobody planned and everybody has.

-- Several schemas, odd names
create schema sales;
create schema "Schema with ""quotes"" and spaces";
create schema "схема";
create table "Schema with ""quotes"" and spaces"."table's name, 	tab" ("column ""one""" int primary key, "ünïcödé ☃" text, "select" text);
insert into "Schema with ""quotes"" and spaces"."table's name, 	tab" select g, repeat('☃', g), E'a\tb\nc\\d' from generate_series(1, 50) g;
create table "схема"."a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_123" ("x23456789_b23456789_c23456789_d23456789_e23456789_f23456789_123" int);
insert into "схема"."a23456789_b23456789_c23456789_d23456789_e23456789_f23456789_123" values (1), (1), (null);
create table sales."UPPER lower" (id int);
create table public."line
break" (id int);
insert into public."line
break" values (7);

-- Extensions
create schema extensions;
create extension pgcrypto with schema extensions;
create extension hstore with schema public;
create extension citext;
create extension pg_trgm;
create extension ltree;
create extension btree_gist;
create extension cube;
create extension postgres_fdw;
create extension file_fdw;
create extension lo;
create extension tablefunc;
create extension isn;
create extension intarray;

-- Types of one's own
create type sales.mood as enum ('sad', 'ok', 'happy');
alter type sales.mood add value 'very''happy' after 'happy';
create domain sales.email as citext collate "C" default 'nobody@example.org' not null check (value ~ '^[^@]+@[^@]+$');
create domain sales.percent as numeric(5,2) constraint "in range" check (value between 0 and 100);
create type sales.address as (street text, number int, tags text[]);
create type sales.timerange as range (subtype = time, multirange_type_name = sales.timemultirange);
create function sales.time_subtype_diff(x time, y time) returns float8 as 'select extract(epoch from (x - y))::float8' language sql strict immutable;
create type sales.timerange2 as range (subtype = time, subtype_diff = sales.time_subtype_diff);
create type sales.shell;
create type sales.box3;
create function sales.box3_in(cstring) returns sales.box3 as 'textin' language internal strict immutable;
create function sales.box3_out(sales.box3) returns cstring as 'textout' language internal strict immutable;
create type sales.box3 (input = sales.box3_in, output = sales.box3_out, internallength = variable, storage = extended, category = 'U', default = 'none');

-- Every built-in type
create table every_type (
  id bigint generated always as identity primary key,
  c_smallint smallint, c_int int, c_bigint bigint, c_numeric numeric, c_numeric_scaled numeric(12,4), c_real real, c_double double precision,
  c_money money, c_varchar varchar(20), c_char char(7), c_text text, c_name name, c_internal_char "char", c_bytea bytea,
  c_timestamp timestamp, c_timestamp3 timestamp(3), c_timestamptz timestamptz, c_date date, c_time time, c_timetz timetz, c_interval interval,
  c_interval_ym interval year to month, c_boolean boolean, c_enum sales.mood, c_point point, c_line line, c_lseg lseg, c_box box, c_path path,
  c_polygon polygon, c_circle circle, c_cidr cidr, c_inet inet, c_macaddr macaddr, c_macaddr8 macaddr8, c_bit bit(5), c_varbit bit varying,
  c_tsvector tsvector, c_tsquery tsquery, c_uuid uuid, c_xml xml, c_json json, c_jsonb jsonb, c_jsonpath jsonpath, c_int_array int[], c_text_2d text[][],
  c_composite sales.address, c_composite_array sales.address[], c_int4range int4range, c_int8range int8range, c_numrange numrange, c_tsrange tsrange,
  c_tstzrange tstzrange, c_daterange daterange, c_int4multirange int4multirange, c_datemultirange datemultirange, c_own_range sales.timerange,
  c_own_multirange sales.timemultirange, c_domain sales.email default 'a@b', c_percent sales.percent, c_oid oid, c_regclass regclass, c_regproc regproc,
  c_regprocedure regprocedure, c_regoper regoper, c_regoperator regoperator, c_regtype regtype, c_regrole regrole, c_regnamespace regnamespace,
  c_regconfig regconfig, c_regdictionary regdictionary, c_regcollation regcollation, c_pg_lsn pg_lsn, c_pg_snapshot pg_snapshot,
  c_txid_snapshot txid_snapshot, c_xid xid, c_xid8 xid8, c_cid cid, c_tid tid, c_refcursor refcursor, c_aclitem aclitem, c_int2vector int2vector,
  c_oidvector oidvector, c_hstore hstore, c_citext citext, c_ltree ltree, c_cube cube, c_isbn isbn, c_box3 sales.box3, c_own_domain_array sales.percent[]);
insert into every_type (c_smallint) values (null);
insert into every_type overriding user value values (default,
  -32768, 2147483647, -9223372036854775808, 'NaN', 12345678.1234, '1.17549435e-38', 'Infinity',
  '-$92,233,720,368,547,758.08', 'va''r', 'pad', E'back\\slash\ttab\nnew line\r \\N', 'a name', 'x', '\x00ff0a5c09',
  'infinity', '2026-11-23 08:45:12.123456', '0044-03-15 12:00:00+00 BC', '-infinity', '24:00:00', '23:59:59.999999-15:59', '-178000000 years 2 mons -3 days 04:05:06.789',
  '3 years 2 mons', true, 'very''happy', '(1.1,-0)', '{1,-1,0}', '[(0,0),(1e-300,1)]', '((2,2),(0,0))', '[(0,0),(1,1),(2,0)]',
  '((0,0),(1,1),(2,0))', '<(0,0),NaN>', '10.1.0.0/16', '::ffff:1.2.3.4/128', '08:00:2b:01:02:03', '08:00:2b:01:02:03:04:05', B'10101', B'1',
  'fat:2A cat:3B ''it''''s'':1', '''fat'' & !(cat | rat:A)', 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11', '<a b="&lt;">x<!-- c --></a>', '{"b":1,  "a" : [1,1.0,null], "a":2}', '{"b":1e10,"a":[1.50,null,"\u2603"]}', '$.a[*] ? (@ > 1)', '[-1:1]={1,NULL,3}', '{{a,"b,c"},{"NULL",NULL}}',
  row('Main "St"', 5, array['x','y z']), array[row('a',null,null)::sales.address, null], '[1,5)', 'empty', '(,2.5]', '[2026-01-01,infinity)',
  '["2026-01-01 00:00:00+01",]', '[2026-01-01,2026-02-01]', '{[1,3),[7,9)}', '{}', '[08:00,12:00)',
  '{[08:00,09:00),[10:00,11:00)}', 'Some@Example.org', 99.99, 4294967295, 'sales."UPPER lower"', 'pg_catalog.now',
  'sales.time_subtype_diff(time,time)', 'pg_catalog.||/', '+(int,int)', 'sales.mood[]', '"owner of ""things"""', '"схема"',
  'english', 'simple', '"C"', 'FFFFFFFF/FFFFFFFF', '10:20:10,14,15',
  '10:20:10,14,15', '4294967295', '18446744073709551615', '7', '(42,9)', 'a cursor', 'reader=r/granter', '1 2 3',
  '1 4294967295', 'a=>1, "b c"=>NULL', 'CiText', 'Top.Child_1', '(1,2),(3,4)', '978-0-393-04002-9', 'anything', '{1,NULL}');
insert into every_type (c_numeric, c_real, c_double, c_text) values ('Infinity', 'NaN', '-0', ''), (1e130, '-Infinity', 0.1::float8 + 0.2::float8, null), (0.00000000000000000001, 3.4028235e38, 5e-324, 'ß');
create table no_columns ();
insert into no_columns default values;
insert into no_columns default values;
create table dropped_columns (a int, gone text, b text default 'b', gone2 int, c int);
insert into dropped_columns values (1, 'x', 'y', 2, 3);
alter table dropped_columns drop column gone, drop column gone2;
insert into dropped_columns values (4, 'z', 5);
alter table dropped_columns add column d int default 42;
create table generated (a int, b int, total int generated always as (a + b) stored, "half" numeric generated always as (a / 2.0) stored);
insert into generated (a, b) select g, g * 2 from generate_series(1, 100) g;

-- Identity, serial, sequences of every form
create table identities (id int generated by default as identity (start 100 increment 5), code serial, big bigserial unique, name text);
insert into identities (name) select 'n' || g from generate_series(1, 20) g;
create sequence sales.untouched start 1000;
create sequence sales.descending as smallint increment -3 minvalue -1000 maxvalue 5 start 5 cycle cache 7;
select nextval('sales.descending') from generate_series(1, 4);
create sequence sales.set_not_called;
select setval('sales.set_not_called', 55, false);
create sequence sales.at_the_end maxvalue 9223372036854775807;
select setval('sales.at_the_end', 9223372036854775807);
create unlogged sequence sales.unlogged_sequence;

-- Constraints and indexes
create table sales.customers (
  id int primary key, name text not null, email sales.email, status varchar(10) check (status in ('new', 'old', 'it''s, ok')),
  kind varchar default 'x' constraint "kind's" check (kind = any (array['x'::varchar, 'y']) and lower(kind) <> all (array['bad', 'worse'])),
  code char(3) check (code in ('abc', 'def')), size int check (size in (1, 2, 3)), valid daterange, region text,
  unique nulls not distinct (region, name), exclude using gist (region with =, valid with &&) deferrable initially deferred);
insert into sales.customers select g, 'customer ' || g, 'c' || g || '@example.org', 'new', 'y', 'abc', 1 + g % 3, daterange(date '2026-01-01' + g, date '2026-01-02' + g), 'r' || g % 10 from generate_series(1, 300) g;
create table sales.orders (id bigint generated always as identity primary key, customer int not null references sales.customers on update cascade on delete set null (customer) deferrable, placed timestamptz not null default now(), total numeric(12,2) default 0 check (total >= 0) no inherit, note text compression pglz);
alter table sales.orders alter column note set storage external;
insert into sales.orders (customer, placed, total, note) select 1 + g % 300, '2026-01-01'::timestamptz + g * interval '1 minute', g * 1.01, repeat('note ' || g, g % 50) from generate_series(1, 5000) g;
alter table sales.orders add constraint positive check (id > 0) not valid;
create index on sales.orders (customer, placed desc nulls last) include (total) with (fillfactor = 70);
create index orders_lower on sales.orders (lower(note) text_pattern_ops) where note <> '' and total between 1 and 1000;
create index on sales.orders using gin (to_tsvector('english', note));
create index on sales.orders using brin (placed) with (pages_per_range = 16);
create index on sales.orders using hash (total);
create unique index "Unique, but only for ""some""" on sales.customers (lower(email::text)) where status in ('new', 'old');
create index expr on sales.customers ((size + 1), (name || status));
alter index sales.expr alter column 1 set statistics 500;
alter table sales.orders alter column note set statistics 333, alter column total set (n_distinct = 50);
alter table sales.orders set (autovacuum_enabled = false, fillfactor = 90, toast.autovacuum_enabled = false);
create index orders_total on sales.orders (total);
alter table sales.orders cluster on orders_total;
alter table sales.customers replica identity using index customers_pkey;
alter table sales.orders replica identity full;
create statistics sales.together (ndistinct, dependencies, mcv) on customer, placed from sales.orders;
alter statistics sales.together set statistics 200;
create statistics sales.expressions on (lower(note)), total from sales.orders;
create collation sales.german (provider = icu, locale = 'de-u-co-phonebk', deterministic = true);
create collation sales.ci (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
create table sales.collated (a text collate sales.german, b text collate "C", c text collate sales.ci, primary key (c));
insert into sales.collated values ('Ä', 'b', 'Ci');
create unlogged table sales.unlogged (a int);
insert into sales.unlogged values (1);
create table circular_a (id int primary key, b int);
create table circular_b (id int primary key, a int references circular_a);
alter table circular_a add foreign key (b) references circular_b;
insert into circular_a values (1, null);
insert into circular_b values (1, 1);
update circular_a set b = 1;

-- Partitions: range, list, hash, several levels, default, attached with another column order
create table sales.events (id bigint generated by default as identity, at date not null, region text not null, payload jsonb default '{}', primary key (id, at, region)) partition by range (at);
create table sales.events_2025 partition of sales.events for values from (minvalue) to ('2026-01-01');
create table sales.events_2026 partition of sales.events for values from ('2026-01-01') to ('2027-01-01') partition by list (region);
create table sales.events_2026_eu partition of sales.events_2026 for values in ('de', 'fr', null) with (fillfactor = 80);
create table sales.events_2026_rest partition of sales.events_2026 default;
create table sales.events_later (region text not null, extra int, id bigint not null, payload jsonb default '{"other": "default"}', at date not null);
alter table sales.events_later drop column extra;
alter table sales.events attach partition sales.events_later for values from ('2027-01-01') to (maxvalue);
insert into sales.events (at, region, payload) select date '2025-06-01' + g, (array['de', 'fr', 'us', 'jp'])[1 + g % 4], jsonb_build_object('n', g) from generate_series(1, 1000) g;
create index events_payload on sales.events using gin (payload);
create index events_region on only sales.events (region);
create table sales.event_notes (event bigint, at date, region text, note text, foreign key (event, at, region) references sales.events) partition by hash (event);
create table sales.event_notes_0 partition of sales.event_notes for values with (modulus 2, remainder 0);
create table sales.event_notes_1 partition of sales.event_notes for values with (modulus 2, remainder 1);
insert into sales.event_notes select id, at, region, 'noted' from sales.events limit 300;
create table by_expression (a int, b text) partition by range ((a / 10), lower(b) collate "C");
create table by_expression_1 partition of by_expression for values from (0, 'a') to (10, 'z');
insert into by_expression values (5, 'm');

-- Inheritance, with columns that are in another order after a dump
create table parent (a int not null default 1, b text check (b <> ''));
create table one_more (g text default 'g');
create table child (c int, d date) inherits (parent);
alter table parent add column e numeric default 2.5;
create table grandchild (f int) inherits (child, one_more);
insert into parent values (1, 'p', 1);
insert into child (a, b, c, d, e) values (2, 'c', 3, '2026-01-01', 4);
insert into grandchild (a, b, c, d, e, f) values (3, 'g', 3, '2026-02-01', 4, 9);
alter table child alter column a set default 77;
create type typed as (x int, y text);
create table of_type of typed (primary key (x), y default 'typed');
insert into of_type values (1, 'y');

-- Views, materialised views, rules
create view sales.big_orders with (security_barrier) as select o.id, o.total, c.name as "customer's name", c.status in ('new', 'old') as known from sales.orders o join sales.customers c on c.id = o.customer where o.total > 100 and c.kind = any (array['x', 'y']);
create view everything as select o.*, (select count(*) from sales.events e where e.at = o.placed::date) as events, row_number() over w as position from sales.orders o window w as (partition by customer order by placed rows between 1 preceding and current row);
create recursive view numbers (n) as values (1) union all select n + 1 from numbers where n < 10;
create view joined as select * from circular_a a full join circular_b b using (id) cross join lateral (values (a.b, 'x'), (null, 'y')) v (p, q);
create view grouped as select region, at, grouping(region) as g, count(*) filter (where id > 5), array_agg(id order by id desc), percentile_cont(0.5) within group (order by id) from sales.events group by rollup (region, at) having count(*) > 0;
create view casts as select '1 day'::interval as i, -1 as minus, date '2026-01-01' as d, 1::numeric(5,2) as n, null::text as t, 'x'::char(3) as c, array[1,2]::bigint[] as b, ('{1,2}'::int[])[1:2] as s, (row(1, 'x')::typed).y, 'a' like 'b%' escape '#' as l, extract(year from now()) as yr, xmlelement(name "e", 1) as x, case when true then 'a' else 'b' end as k, coalesce(null, 'z') as z, 1 between 0 and 2 as w, (1, 2) < (3, 4) as r, 'a' similar to 'b' as m, now() at time zone 'UTC' as u;
create materialized view sales.totals as select customer, sum(total) as total from sales.orders group by customer;
create unique index on sales.totals (customer);
create materialized view sales.never_filled as select 1 as one with no data;
create table ruled (a int);
create rule no_deletes as on delete to ruled do instead nothing;
create rule "also log" as on insert to ruled where new.a in (1, 2) do also insert into no_columns default values;
alter table ruled disable rule "also log";
create view updatable with (check_option = local, security_invoker) as select a from ruled;
alter view updatable alter column a set default 5;

-- Functions, procedures, aggregates, operators, casts
create function sales.add_tax(amount numeric, rate numeric default 0.19, variadic rest int[] default '{}') returns numeric language plpgsql stable strict parallel safe cost 50 security definer set search_path = sales, pg_temp set work_mem = '8MB' as $body$
begin
  -- a comment, a 'quote' and a $dollar$
  return amount * (1 + rate);
end
$body$;
create function sales.modern(a int) returns int language sql immutable return a + 1;
create function sales.atomic(a int) returns setof sales.orders language sql begin atomic select * from sales.orders where id = a; end;
create function sales.table_function(out x int, out y text) returns setof record language sql rows 7 leakproof as 'select 1, ''y''';
create procedure sales.clean_up(inout n int) language plpgsql as 'begin commit; n := n + 1; end';
create function sales.first_state(anyelement, anyelement) returns anyelement language sql immutable strict as 'select $1';
create aggregate sales.first_value (anyelement) (sfunc = sales.first_state, stype = anyelement, parallel = safe, combinefunc = sales.first_state);
create aggregate sales.ordered (float8 order by anyelement) (sfunc = ordered_set_transition, stype = internal, finalfunc = percentile_disc_final, finalfunc_extra);
create function sales.mood_to_int(sales.mood) returns int language sql immutable as 'select case $1 when ''sad'' then 0 else 1 end';
create cast (sales.mood as int) with function sales.mood_to_int(sales.mood) as assignment;
create cast (sales.address as text) with inout;
create function sales.mood_less(sales.mood, sales.address) returns boolean language sql immutable as 'select true';
create operator sales.<<< (leftarg = sales.mood, rightarg = sales.address, function = sales.mood_less);
create function sales.address_compare(sales.address, sales.address) returns int language sql immutable as 'select 0';
create function sales.address_less(sales.address, sales.address) returns boolean language sql immutable as 'select false';
create operator sales.<# (leftarg = sales.address, rightarg = sales.address, function = sales.address_less, commutator = operator(sales.>#), restrict = scalarltsel, join = scalarltjoinsel);
create operator family sales.address_family using btree;
create operator class sales.address_ops for type sales.address using btree family sales.address_family as operator 1 sales.<#, function 1 sales.address_compare(sales.address, sales.address);
create function sales.on_change() returns trigger language plpgsql as 'begin return coalesce(new, old); end';
create trigger "before change" before insert or update of total, note or delete on sales.orders for each row when (pg_trigger_depth() < 5) execute function sales.on_change('an', 'argument''s');
create trigger after_statement after update on sales.orders referencing old table as o new table as n for each statement execute function sales.on_change();
create constraint trigger checked after insert on sales.customers deferrable initially deferred for each row execute function sales.on_change();
create trigger on_partitions before insert on sales.events for each row execute function sales.on_change();
create trigger view_trigger instead of insert on sales.big_orders for each row execute function sales.on_change();
alter table sales.orders disable trigger after_statement;
alter table sales.customers enable always trigger checked;
alter table sales.events_2025 disable trigger on_partitions;
create function sales.on_ddl() returns event_trigger language plpgsql as 'begin end';
create event trigger watch_ddl on ddl_command_end when tag in ('CREATE TABLE', 'DROP TABLE') execute function sales.on_ddl();
alter event trigger watch_ddl disable;
create conversion sales.my_conversion for 'LATIN1' to 'UTF8' from iso8859_1_to_utf8;
create access method my_heap type table handler heap_tableam_handler;
create table own_method (a int) using my_heap;
insert into own_method values (1);

-- Text search
create text search dictionary sales.german_words (template = snowball, language = german, stopwords = 'german');
create text search configuration sales.german_words (copy = pg_catalog.german);
alter text search configuration sales.german_words alter mapping for asciiword with sales.german_words, simple;
create text search parser sales.my_parser (start = prsd_start, gettoken = prsd_nexttoken, end = prsd_end, lextypes = prsd_lextype);
create text search template sales.my_template (lexize = dsimple_lexize, init = dsimple_init);

-- Row-level security
create table secrets (id int, owner name default current_user, secret text);
insert into secrets values (1, 'reader', 'r'), (2, 'granter', 'g');
alter table secrets enable row level security;
alter table secrets force row level security;
create policy own_rows on secrets for select to reader, "Ünïcode role" using (owner = current_user and secret in ('r', 'g'));
create policy never on secrets as restrictive for all using (id > 0) with check (id < 100);

-- Large objects: empty, with a hole, with a page boundary, binary
select lo_create(70001);
select lo_from_bytea(70002, decode(repeat('00ff10', 3000), 'hex'));
select lo_from_bytea(70003, 'short');
select lo_from_bytea(70004, '');
select lo_put(70004, 100000, 'after a hole');
select lo_from_bytea(70005, convert_to(repeat('x', 2048), 'UTF8'));
comment on large object 70003 is 'a commented large object';
grant select on large object 70003 to reader;
alter large object 70002 owner to "owner of ""things""";
create table pictures (id int, picture lo);
insert into pictures values (1, 70002);
create trigger manage before update or delete on pictures for each row execute function lo_manage(picture);

-- Foreign data
create server elsewhere foreign data wrapper postgres_fdw options (host '127.0.0.1', dbname 'nowhere', port '1');
create user mapping for reader server elsewhere options (user 'x', password 'secret');
create foreign table remote (id int options (column_name 'other id') not null, name text) server elsewhere options (table_name 'there');
create foreign data wrapper bare;
create server bare type 't' version '1' foreign data wrapper bare options (a 'b');

-- Publications
create publication everything_published for all tables with (publish = 'insert');
create publication "some" for table sales.orders (id, total) where (total > 10), sales.customers with (publish = 'insert');
create publication whole_schema for tables in schema "схема" with (publish = 'insert, truncate');
create subscription sub connection 'host=127.0.0.1 port=1 dbname=x password=secret' publication a, b with (connect = false, slot_name = 'a_slot');

-- Comments
comment on schema sales is 'all of sales';
comment on table sales.orders is E'orders,\nwith "quotes" and \\ and ☃';
comment on column sales.orders.total is 'with tax';
comment on constraint positive on sales.orders is 'really';
comment on index sales.orders_lower is 'an index';
comment on function sales.add_tax(numeric, numeric, int[]) is 'adds tax';
comment on type sales.mood is 'a mood';
comment on domain sales.percent is 'a percent';
comment on trigger "before change" on sales.orders is 'a trigger';
comment on policy never on secrets is 'a policy';
comment on rule no_deletes on ruled is 'a rule';
comment on operator sales.<<< (sales.mood, sales.address) is 'an operator';
comment on extension hstore is 'our own words on hstore';
comment on event trigger watch_ddl is 'an event trigger';
comment on statistics sales.together is 'statistics';
comment on cast (sales.mood as int) is 'a cast';
comment on view joined is 'a view';
comment on column joined.p is 'a view''s column';
comment on schema public is 'public, as we like it';

-- Owners and grants
alter schema sales owner to "owner of ""things""";
grant all on schema sales to granter with grant option;
alter table sales.orders owner to "owner of ""things""";
alter table sales.events owner to "owner of ""things""";
alter sequence sales.untouched owner to reader;
alter function sales.modern(int) owner to reader;
alter type sales.mood owner to "owner of ""things""";
alter domain sales.percent owner to reader;
alter view everything owner to reader;
alter materialized view sales.totals owner to granter;
alter collation sales.german owner to reader;
alter operator sales.<<< (sales.mood, sales.address) owner to reader;
alter text search dictionary sales.german_words owner to reader;
alter statistics sales.together owner to reader;
alter server elsewhere owner to granter;
alter operator class sales.address_ops using btree owner to reader;
grant usage on schema sales, "схема" to reader, public;
grant select, insert on sales.orders to granter with grant option;
set session authorization granter;
grant select on sales.orders to reader;
reset session authorization;
grant update (total, note) on sales.orders to reader, "Ünïcode role" with grant option;
revoke all on sales.customers from current_user;
grant select on sales.customers to public;
revoke execute on function sales.add_tax(numeric, numeric, int[]) from public;
grant execute on function sales.add_tax(numeric, numeric, int[]) to reader;
grant usage on type sales.mood to reader with grant option;
revoke usage on type sales.percent from public;
grant usage, select on sequence sales.untouched to "Ünïcode role";
grant usage on foreign data wrapper postgres_fdw to reader;
grant usage on foreign server elsewhere to reader;
grant usage on language plpgsql to reader;
revoke create on schema public from pg_database_owner;
grant create on schema public to reader;
revoke execute on function pg_catalog.pg_sleep(double precision) from public;
grant select on pg_catalog.pg_authid to reader;
grant execute on function extensions.digest(text, text) to reader;
revoke execute on function extensions.gen_random_bytes(integer) from public;
alter default privileges in schema sales grant select on tables to reader;
alter default privileges for role granter revoke execute on functions from public;
alter default privileges for role granter grant usage on types to reader with grant option;
grant select on everything to public;
