select n.nspname, c.relname, s.seqincrement
from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
where c.relpersistence <> 't' and {user pg_class c.oid}
order by 1, 2
