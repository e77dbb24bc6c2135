select format('publication %I: ', p.pubname) || concat_ws(', ', case when p.puballtables then 'all tables' end,
  case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end,
  case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end,
  case when p.pubviaroot then 'via root' end, -- since 13
  null)
from pg_publication p where {user pg_publication p.oid}
union all
select format('publication %I: table %s', p.pubname, r.prrelid::regclass)
  || coalesce(' (' || (select string_agg(quote_ident(a.attname), ', ' order by a.attnum) from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs)) || ')', '') -- since 15
  || coalesce(' where ' || pg_get_expr(r.prqual, r.prrelid), '') -- since 15
from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
union all -- since 15
select format('publication %I: schema %I', p.pubname, n.nspname) -- since 15
from pg_publication_namespace s join pg_publication p on p.oid = s.pnpubid join pg_namespace n on n.oid = s.pnnspid -- since 15
