select pg_get_triggerdef(t.oid) || case t.tgenabled when 'D' then ', disabled' when 'R' then ', on replicas'
  when 'A' then ', always' else '' end
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and c.relpersistence <> 't' and {user pg_class c.oid} and {user pg_trigger t.oid}
