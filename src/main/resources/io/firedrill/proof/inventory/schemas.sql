select format('%I', n.nspname)
from pg_namespace n
where {user pg_namespace n.oid} or n.nspname = 'public'
