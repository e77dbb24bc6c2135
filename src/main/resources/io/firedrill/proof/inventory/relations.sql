select format('%I.%I: ', n.nspname, c.relname) || concat_ws(', ',
  case c.relkind when 'r' then 'table' when 'p' then 'partitioned table' when 'v' then 'view'
    when 'm' then 'materialized view' when 'f' then 'foreign table' when 'c' then 'composite type'
    when 'S' then 'sequence' end,
  case c.relpersistence when 'u' then 'unlogged' end,
  case when c.relkind = 'm' and c.relispopulated then 'populated' end,
  'of ' || nullif(c.reloftype, 0)::regtype::text,
  'access method ' || a.amname,
  'tablespace ' || quote_ident(s.spcname),
  'options ' || (select string_agg(o, ', ' order by o collate "C") from unnest(c.reloptions) o),
  'toast options ' || (select string_agg(o, ', ' order by o collate "C") from unnest(t.reloptions) o),
  case when c.relrowsecurity then 'row security' end,
  case when c.relforcerowsecurity then 'row security forced' end,
  case c.relreplident when 'f' then 'replica identity full' when 'n' then 'replica identity nothing'
    when 'i' then 'replica identity index' end,
  case when c.relkind = 'p' then 'partition by ' || pg_get_partkeydef(c.oid) end,
  case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end,
  (select case when c.relispartition then 'partition of ' else 'inherits ' end
      || string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
   from pg_inherits i where i.inhrelid = c.oid))
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
left join pg_am a on a.oid = c.relam and c.relkind in ('r', 'm')
left join pg_tablespace s on s.oid = c.reltablespace
left join pg_class t on t.oid = c.reltoastrelid
where c.relkind in ('r', 'p', 'v', 'm', 'f', 'c', 'S') and c.relpersistence <> 't' and {user pg_class c.oid}
