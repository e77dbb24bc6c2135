select pg_get_indexdef(i.indexrelid) || concat_ws(', ', '',
  'tablespace ' || quote_ident(s.spcname),
  case when i.indisclustered then 'clustered' end,
  case when i.indisreplident then 'replica identity' end,
  'part of ' || (select h.inhparent::regclass::text from pg_inherits h where h.inhrelid = i.indexrelid),
  'statistics ' || (select string_agg(a.attnum || ' ' || a.attstattarget, ', ' order by a.attnum) from pg_attribute a
                    where a.attrelid = i.indexrelid and a.attstattarget >= 0))
from pg_index i
join pg_class x on x.oid = i.indexrelid
join pg_class c on c.oid = i.indrelid
left join pg_tablespace s on s.oid = x.reltablespace
where c.relkind in ('r', 'p', 'm') and c.relpersistence <> 't' and (i.indisvalid or c.relkind = 'p') and i.indisready
  and {user pg_class c.oid}
