select format('%s %s: %s', i.type, i.identity, quote_literal(d.description))
from pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) i
where (d.objoid >= 16384 or d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace)
  and i.schema is distinct from 'pg_toast' and coalesce(i.schema, '') !~ '^pg_temp'
  and not exists (select from pg_depend x where x.classid = d.classoid and x.objid = d.objoid and x.deptype = 'e')
