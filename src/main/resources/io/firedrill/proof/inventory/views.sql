select format('%s: %s', c.oid::regclass, pg_get_viewdef(c.oid))
from pg_class c
where c.relkind in ('v', 'm') and c.relpersistence <> 't' and {user pg_class c.oid}
