-- What a restore needs to find on the server; the one that initdb made is never recorded as a dependency.
select distinct r.rolname
from pg_shdepend d join pg_roles r on r.oid = d.refobjid join pg_database b on b.datname = current_database()
where d.refclassid = 'pg_authid'::regclass and (d.dbid = b.oid or d.classid = 'pg_database'::regclass and d.objid = b.oid)
union
select r.rolname from pg_roles r where r.oid = 10
