select format('cast %s as %s: %s, %s, %s', c.castsource::regtype, c.casttarget::regtype,
  case c.castfunc when 0 then 'no function' else c.castfunc::regprocedure::text end, c.castcontext, c.castmethod)
from pg_cast c where {user pg_cast c.oid}
union all
select format('operator %s: ', o.oid::regoperator) || concat_ws(', ', 'result ' || o.oprresult::regtype::text,
  'function ' || o.oprcode::text, 'commutator ' || nullif(o.oprcom, 0)::regoperator::text,
  'negator ' || nullif(o.oprnegate, 0)::regoperator::text, 'restrict ' || o.oprrest::text, 'join ' || o.oprjoin::text,
  case when o.oprcanmerge then 'merges' end, case when o.oprcanhash then 'hashes' end)
from pg_operator o where {user pg_operator o.oid}
union all
select format('operator family %I.%I using %s', n.nspname, f.opfname, a.amname)
from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
where {user pg_opfamily f.oid}
union all
select format('operator class %I.%I using %s: ', n.nspname, c.opcname, a.amname) || concat_ws(', ',
  format('family %I.%I', m.nspname, f.opfname), 'for ' || c.opcintype::regtype::text,
  case when c.opcdefault then 'default' end, 'storage ' || nullif(c.opckeytype, 0)::regtype::text)
from pg_opclass c join pg_namespace n on n.oid = c.opcnamespace join pg_am a on a.oid = c.opcmethod
join pg_opfamily f on f.oid = c.opcfamily join pg_namespace m on m.oid = f.opfnamespace
where {user pg_opclass c.oid}
union all
select format('operator family %I.%I using %s: operator %s %s %s %s', n.nspname, f.opfname, a.amname, o.amopstrategy,
  o.amopopr::regoperator, o.amoppurpose, coalesce((select sf.opfname from pg_opfamily sf where sf.oid = o.amopsortfamily), ''))
from pg_amop o join pg_opfamily f on f.oid = o.amopfamily join pg_namespace n on n.oid = f.opfnamespace
join pg_am a on a.oid = f.opfmethod
where {user pg_opfamily f.oid} and {user pg_amop o.oid}
union all
select format('operator family %I.%I using %s: function %s (%s, %s) %s', n.nspname, f.opfname, a.amname, p.amprocnum,
  p.amproclefttype::regtype, p.amprocrighttype::regtype, p.amproc::regprocedure)
from pg_amproc p join pg_opfamily f on f.oid = p.amprocfamily join pg_namespace n on n.oid = f.opfnamespace
join pg_am a on a.oid = f.opfmethod
where {user pg_opfamily f.oid} and {user pg_amproc p.oid}
