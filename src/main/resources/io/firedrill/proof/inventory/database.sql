-- Settings whose names begin with firedrill are a recovery's own notes.
select 'owner ' || pg_get_userbyid(d.datdba) from pg_database d where d.datname = current_database()
union all
select format('encoding %s, collate %s, ctype %s', pg_encoding_to_char(d.encoding), d.datcollate, d.datctype)
  || format(', provider %s', d.datlocprovider) -- since 15
  || coalesce(', icu ' || d.daticulocale, '') -- from 15 to 16
  || coalesce(', locale ' || d.datlocale, '') -- since 17
from pg_database d where d.datname = current_database()
union all
select 'tablespace ' || quote_ident(s.spcname)
from pg_database d join pg_tablespace s on s.oid = d.dattablespace where d.datname = current_database()
union all
select 'comment ' || quote_literal(shobj_description(d.oid, 'pg_database'))
from pg_database d where d.datname = current_database()
union all
select format('%s has %s%s from %s', case e.grantee when 0 then 'public' else pg_get_userbyid(e.grantee) end,
  e.privilege_type, case when e.is_grantable then '*' else '' end, pg_get_userbyid(e.grantor))
from pg_database d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) e where d.datname = current_database()
union all
select format('set%s %s', coalesce(' for ' || nullif(s.setrole, 0)::regrole::text, ''), c)
from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase, unnest(s.setconfig) c
where d.datname = current_database() and c not like 'firedrill.%'
