-- Every relation whose rows a dump carries, columns by name: a dump may change the order of a child table's. Last, whether
-- pg_dump's own reading prints every value as ours does: it prints names in quotes (reg... types) and money in the
-- database's own locale, and what an unknown type's output function looks at, nobody knows.
with recursive part_of (part, whole) as (
  select typelem, oid from pg_type where typelem <> 0
  union all select typbasetype, oid from pg_type where typbasetype <> 0
  union all select a.atttypid, c.reltype from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped and c.reltype <> 0
  union all select rngsubtype, rngtypid from pg_range
  union all select rngsubtype, rngmultitypid from pg_range -- since 14
), printed_otherwise (type) as (
  select t.oid from pg_type t join pg_proc p on p.oid = t.typoutput join pg_language l on l.oid = p.prolang
  where (l.lanname <> 'internal' or p.prosrc ~ '^(cash_out|reg[a-z]+out)$')
    and not exists (select from pg_depend d join pg_extension e on e.oid = d.refobjid
                    where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
                      and d.refclassid = 'pg_extension'::regclass
                      and e.extname in ('hstore', 'ltree', 'cube', 'seg', 'isn', 'intarray', 'pg_trgm', 'postgis', 'vector'))
  union select h.whole from printed_otherwise o join part_of h on h.part = o.type
)
select n.nspname, c.relname, c.relpages, greatest(c.reltuples, 0)::bigint, x.condition,
  coalesce((select string_agg(quote_ident(a.attname), ', ' order by a.attname collate "C") from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), ''),
  c.oid,
  (select count(*) from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  coalesce(x.condition, '') = ''
    and not exists (select from pg_attribute a join printed_otherwise o on o.type = a.atttypid
                    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped)
    and (select bool_and(reset_val = case name when 'bytea_output' then 'hex' else 'base64' end) from pg_settings
         where name in ('bytea_output', 'xmlbinary'))
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join (select u.relation, u.condition from pg_extension e, unnest(e.extconfig, e.extcondition) u (relation, condition)) x
  on x.relation = c.oid
where c.relkind = 'r' and c.relpersistence <> 't' and ({user pg_class c.oid} or x.relation is not null)
