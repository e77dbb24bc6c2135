-- Of what the system or an extension brought, only what was changed since: a dump carries no more.
with objects as (
  select 'pg_class'::regclass::oid as class, c.oid, 0 as sub, c.relowner as owner, c.relacl as acl,
      acldefault(case c.relkind when 'S' then 's'::"char" else 'r'::"char" end, c.relowner) as base
    from pg_class c where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
  union all
  select 'pg_class'::regclass, a.attrelid, a.attnum, c.relowner, a.attacl, acldefault('c', c.relowner)
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attacl is not null and not a.attisdropped and c.relpersistence <> 't'
  union all
  select 'pg_proc'::regclass, p.oid, 0, p.proowner, p.proacl, acldefault('f', p.proowner) from pg_proc p
    where p.oid >= 16384 or p.proacl is not null
  union all
  select 'pg_namespace'::regclass, n.oid, 0, n.nspowner, n.nspacl, acldefault('n', n.nspowner) from pg_namespace n
    where n.nspname !~ '^pg_(toast|temp)'
  union all
  select 'pg_type'::regclass, t.oid, 0, t.typowner, t.typacl, acldefault('T', t.typowner) from pg_type t
    left join pg_class c on c.oid = t.typrelid
    where (t.oid >= 16384 or t.typacl is not null) and (c.oid is null or c.relkind = 'c')
      and not exists (select from pg_type e where e.typarray = t.oid)
  union all
  select 'pg_language'::regclass, l.oid, 0, l.lanowner, l.lanacl, acldefault('l', l.lanowner) from pg_language l
  union all
  select 'pg_foreign_data_wrapper'::regclass, w.oid, 0, w.fdwowner, w.fdwacl, acldefault('F', w.fdwowner)
    from pg_foreign_data_wrapper w
  union all
  select 'pg_foreign_server'::regclass, s.oid, 0, s.srvowner, s.srvacl, acldefault('S', s.srvowner)
    from pg_foreign_server s
  union all
  select 'pg_largeobject'::regclass, m.oid, 0, m.lomowner, m.lomacl, acldefault('L', m.lomowner)
    from pg_largeobject_metadata m
), judged as (
  select o.class, o.oid, o.sub, o.owner, coalesce(o.acl, o.base) as acl,
    o.oid < 16384 or exists (select from pg_depend x where x.classid = o.class and x.objid = o.oid and x.deptype = 'e')
      as brought,
    coalesce(p.initprivs, o.base) as initial
  from objects o
  left join pg_init_privs p on p.classoid = o.class and p.objoid = o.oid and p.objsubid = o.sub
), lines as (
  select j.class, j.oid, j.sub, case e.grantee when 0 then 'public' else pg_get_userbyid(e.grantee) end
      || ' has ' || string_agg(e.privilege_type || case when e.is_grantable then '*' else '' end, ', '
                               order by e.privilege_type collate "C")
      || ' from ' || pg_get_userbyid(e.grantor) as line
    from judged j, aclexplode(j.acl) e where not j.brought
    group by j.class, j.oid, j.sub, e.grantee, e.grantor
  union all
  -- Nobody at all holds anything: said, so that it is not the same as an object that is not there.
  select j.class, j.oid, j.sub, 'nobody has anything' from judged j where not j.brought and j.acl = '{}'
  union all
  select j.class, j.oid, j.sub, case e.grantee when 0 then 'public' else pg_get_userbyid(e.grantee) end
      || ' was given ' || e.privilege_type || case when e.is_grantable then '*' else '' end
    from judged j cross join lateral (select * from aclexplode(j.acl) except select * from aclexplode(j.initial)) e
    where j.brought and j.acl <> j.initial and e.grantee <> j.owner
  union all
  select j.class, j.oid, j.sub, case e.grantee when 0 then 'public' else pg_get_userbyid(e.grantee) end
      || ' lost ' || e.privilege_type || case when e.is_grantable then '*' else '' end
    from judged j cross join lateral (select * from aclexplode(j.initial) except select * from aclexplode(j.acl)) e
    where j.brought and j.acl <> j.initial and e.grantee <> j.owner
)
select format('%s %s: %s', i.type, i.identity, l.line)
from lines l, pg_identify_object(l.class, l.oid, l.sub) i
where i.schema is distinct from 'pg_toast' and coalesce(i.schema, '') !~ '^pg_temp'
