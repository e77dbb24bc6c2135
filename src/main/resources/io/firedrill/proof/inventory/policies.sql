select format('%I on %s: ', p.polname, c.oid::regclass) || concat_ws(', ',
  case when p.polpermissive then 'permissive' else 'restrictive' end,
  case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
  'to ' || (select string_agg(case r when 0 then 'public' else r::regrole::text end, ', '
                              order by case r when 0 then 'public' else r::regrole::text end collate "C")
            from unnest(p.polroles) r),
  'using ' || pg_get_expr(p.polqual, p.polrelid),
  'with check ' || pg_get_expr(p.polwithcheck, p.polrelid))
from pg_policy p join pg_class c on c.oid = p.polrelid
where {user pg_class c.oid}
