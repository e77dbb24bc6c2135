-- Every relation whose rows a dump carries, columns by name: a dump may change the order of a child table's.
select n.nspname, c.relname, c.relpages, greatest(c.reltuples, 0)::bigint, x.condition,
  coalesce((select string_agg(quote_ident(a.attname), ', ' order by a.attname collate "C") from pg_attribute a
            where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), '')
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join (select u.relation, u.condition from pg_extension e, unnest(e.extconfig, e.extcondition) u (relation, condition)) x
  on x.relation = c.oid
where c.relkind = 'r' and c.relpersistence <> 't' and ({user pg_class c.oid} or x.relation is not null)
