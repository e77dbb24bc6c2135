-- A child of plain inheritance may get its columns in another order from a dump: only its own order is left out.
select format('%I.%I.%I: ', n.nspname, c.relname, a.attname) || concat_ws(', ',
  case when not exists (select from pg_inherits i where i.inhrelid = c.oid) or c.relispartition then
    'number ' || (select count(*) from pg_attribute b
                  where b.attrelid = a.attrelid and b.attnum between 1 and a.attnum and not b.attisdropped) end,
  format_type(a.atttypid, a.atttypmod),
  'collate ' || case when a.attcollation <> t.typcollation then a.attcollation::regcollation::text end,
  case when a.attnotnull then 'not null' end,
  case a.attgenerated when 's' then 'generated always as ' when 'v' then 'generated virtually as ' else 'default ' end
    || pg_get_expr(d.adbin, d.adrelid),
  case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
  case when a.attstorage <> t.typstorage then 'storage ' || a.attstorage::text end,
  'compression ' || nullif(a.attcompression::text, ''), -- since 14
  'statistics ' || nullif(coalesce(a.attstattarget, -1), -1),
  'options ' || (select string_agg(o, ', ' order by o collate "C") from unnest(a.attoptions) o),
  'foreign options ' || (select string_agg(o, ', ' order by o collate "C") from unnest(a.attfdwoptions) o))
from pg_attribute a
join pg_class c on c.oid = a.attrelid
join pg_namespace n on n.oid = c.relnamespace
join pg_type t on t.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c') and c.relpersistence <> 't'
  and {user pg_class c.oid}
