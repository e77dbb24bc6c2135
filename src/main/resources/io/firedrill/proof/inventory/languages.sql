select format('language %I: ', l.lanname) || concat_ws(', ', case when l.lanpltrusted then 'trusted' end,
  'handler ' || nullif(l.lanplcallfoid, 0)::regprocedure::text, 'inline ' || nullif(l.laninline, 0)::regprocedure::text,
  'validator ' || nullif(l.lanvalidator, 0)::regprocedure::text)
from pg_language l where {user pg_language l.oid}
union all
select format('transform for %s language %I: from %s, to %s', t.trftype::regtype, l.lanname, t.trffromsql, t.trftosql)
from pg_transform t join pg_language l on l.oid = t.trflang where {user pg_transform t.oid}
union all
select format('access method %I: %s, %s', a.amname, a.amtype, a.amhandler) from pg_am a where {user pg_am a.oid}
union all
select format('conversion %I.%I: %s to %s, %s%s', n.nspname, c.conname, pg_encoding_to_char(c.conforencoding),
  pg_encoding_to_char(c.contoencoding), c.conproc, case when c.condefault then ', default' else '' end)
from pg_conversion c join pg_namespace n on n.oid = c.connamespace where {user pg_conversion c.oid}
