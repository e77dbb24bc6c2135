-- Of user mappings the names of the options only: their values are secrets.
select format('wrapper %I: handler %s, validator %s, options %s', w.fdwname, w.fdwhandler::regproc, w.fdwvalidator::regproc,
  (select string_agg(o, ', ' order by o collate "C") from unnest(w.fdwoptions) o))
from pg_foreign_data_wrapper w where {user pg_foreign_data_wrapper w.oid}
union all
select format('server %I: wrapper %I, type %s, version %s, options %s', s.srvname, w.fdwname, s.srvtype, s.srvversion,
  (select string_agg(o, ', ' order by o collate "C") from unnest(s.srvoptions) o))
from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw where {user pg_foreign_server s.oid}
union all
select format('foreign table %s: server %I, options %s', t.ftrelid::regclass, s.srvname,
  (select string_agg(o, ', ' order by o collate "C") from unnest(t.ftoptions) o))
from pg_foreign_table t join pg_foreign_server s on s.oid = t.ftserver where {user pg_class t.ftrelid}
union all
select format('user mapping for %s on server %I: options %s', case m.umuser when 0 then 'public' else m.umuser::regrole::text end,
  s.srvname, (select string_agg(split_part(o, '=', 1), ', ' order by o collate "C") from unnest(m.umoptions) o)) -- superuser
  s.srvname, 'not readable') -- no superuser
from pg_user_mapping m join pg_foreign_server s on s.oid = m.umserver -- superuser
from pg_user_mappings m join pg_foreign_server s on s.oid = m.srvid -- no superuser
