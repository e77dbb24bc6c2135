-- Internal dependents are what CREATE TYPE … AS RANGE made by itself.
select case p.prokind when 'a' then
  format('aggregate %s: ', p.oid::regprocedure) || concat_ws(', ',
    'kind ' || a.aggkind::text, 'direct ' || a.aggnumdirectargs, 'arguments ' || pg_get_function_arguments(p.oid),
    'returns ' || pg_get_function_result(p.oid),
    'parallel ' || p.proparallel::text,
    'transition ' || a.aggtransfn::regproc::text, 'state ' || a.aggtranstype::regtype::text, 'space ' || a.aggtransspace,
    'initial ' || quote_nullable(a.agginitval),
    'final ' || a.aggfinalfn::regproc::text, 'final extra ' || a.aggfinalextra, 'final modify ' || a.aggfinalmodify::text,
    'combine ' || a.aggcombinefn::regproc::text,
    'serial ' || a.aggserialfn::regproc::text, 'deserial ' || a.aggdeserialfn::regproc::text,
    'moving ' || a.aggmtransfn::regproc::text, 'moving inverse ' || a.aggminvtransfn::regproc::text,
    'moving state ' || nullif(a.aggmtranstype, 0)::regtype::text, 'moving final ' || a.aggmfinalfn::regproc::text,
    'moving final extra ' || a.aggmfinalextra, 'moving final modify ' || a.aggmfinalmodify::text,
    'moving initial ' || quote_nullable(a.aggminitval),
    'sort ' || nullif(a.aggsortop, 0)::regoperator::text)
  else pg_get_functiondef(p.oid) end
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
left join pg_aggregate a on a.aggfnoid = p.oid
where n.nspname !~ '^pg_temp' and {user pg_proc p.oid}
  and not exists (select from pg_depend i where i.classid = 'pg_proc'::regclass and i.objid = p.oid and i.deptype = 'i')
