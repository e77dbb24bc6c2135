select pg_get_ruledef(r.oid) || case r.ev_enabled when 'D' then ', disabled' when 'R' then ', on replicas'
  when 'A' then ', always' else '' end
from pg_rewrite r join pg_class c on c.oid = r.ev_class
where r.rulename <> '_RETURN' and c.relpersistence <> 't' and {user pg_class c.oid} and {user pg_rewrite r.oid}
