-- Foreign keys that a partition got from its partitioned table are made anew by a restore, under names of its choice.
select format('%s: %I %s',
  case when k.conrelid <> 0 then k.conrelid::regclass::text else 'domain ' || k.contypid::regtype::text end,
  k.conname, pg_get_constraintdef(k.oid))
from pg_constraint k
left join pg_class c on c.oid = k.conrelid
where k.contype in ('c', 'f', 'p', 'u', 'x') and (k.conparentid = 0 or k.contype <> 'f')
  and coalesce(c.relpersistence, 'p') <> 't'
  and case when k.conrelid <> 0 then {user pg_class k.conrelid} else {user pg_type k.contypid} end
  and {user pg_constraint k.oid}
