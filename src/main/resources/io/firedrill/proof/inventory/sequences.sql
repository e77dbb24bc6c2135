select format('%s: %s, start %s, increment %s, from %s to %s, cache %s', s.seqrelid::regclass,
    format_type(s.seqtypid, null), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache)
  || case when s.seqcycle then ', cycle' else '' end
  || coalesce((select format(', %s %s.%I', case d.deptype when 'i' then 'identity of' else 'owned by' end,
                             d.refobjid::regclass, a.attname)
               from pg_depend d join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
               where d.classid = 'pg_class'::regclass and d.objid = s.seqrelid
                 and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')), '')
from pg_sequence s join pg_class c on c.oid = s.seqrelid
where c.relpersistence <> 't' and {user pg_class c.oid}
