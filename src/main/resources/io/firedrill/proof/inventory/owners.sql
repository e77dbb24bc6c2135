select format('%s %s: %s', i.type, i.identity, pg_get_userbyid(o.owner))
from (
  select 'pg_class'::regclass::oid as class, c.oid, c.relowner as owner from pg_class c
    where c.relkind in ('r', 'p', 'v', 'm', 'f', 'S') and c.relpersistence <> 't'
  union all
  select 'pg_proc'::regclass, p.oid, p.proowner from pg_proc p
  union all
  select 'pg_namespace'::regclass, n.oid, n.nspowner from pg_namespace n
  union all
  select 'pg_type'::regclass, t.oid, t.typowner from pg_type t left join pg_class c on c.oid = t.typrelid
    where (c.oid is null or c.relkind = 'c') and not exists (select from pg_type e where e.typarray = t.oid)
  union all
  select 'pg_operator'::regclass, o.oid, o.oprowner from pg_operator o
  union all
  select 'pg_opclass'::regclass, o.oid, o.opcowner from pg_opclass o
  union all
  select 'pg_opfamily'::regclass, o.oid, o.opfowner from pg_opfamily o
  union all
  select 'pg_collation'::regclass, o.oid, o.collowner from pg_collation o
  union all
  select 'pg_conversion'::regclass, o.oid, o.conowner from pg_conversion o
  union all
  select 'pg_ts_dict'::regclass, o.oid, o.dictowner from pg_ts_dict o
  union all
  select 'pg_ts_config'::regclass, o.oid, o.cfgowner from pg_ts_config o
  union all
  select 'pg_language'::regclass, o.oid, o.lanowner from pg_language o
  union all
  select 'pg_foreign_data_wrapper'::regclass, o.oid, o.fdwowner from pg_foreign_data_wrapper o
  union all
  select 'pg_foreign_server'::regclass, o.oid, o.srvowner from pg_foreign_server o
  union all
  select 'pg_statistic_ext'::regclass, o.oid, o.stxowner from pg_statistic_ext o
  union all
  select 'pg_event_trigger'::regclass, o.oid, o.evtowner from pg_event_trigger o
  union all
  select 'pg_publication'::regclass, o.oid, o.pubowner from pg_publication o
  union all
  select 'pg_largeobject'::regclass, o.oid, o.lomowner from pg_largeobject_metadata o
) o, pg_identify_object(o.class, o.oid, 0) i
where (o.oid >= 16384 or o.class = 'pg_namespace'::regclass and o.oid = 'public'::regnamespace)
  and i.schema is distinct from 'pg_toast' and coalesce(i.schema, '') !~ '^pg_temp' and i.identity !~ '^pg_(toast|temp)'
  and not exists (select from pg_depend x where x.classid = o.class and x.objid = o.oid and x.deptype = 'e')
