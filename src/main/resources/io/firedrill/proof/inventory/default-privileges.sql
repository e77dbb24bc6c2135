select format('for %s%s on %s: ', pg_get_userbyid(d.defaclrole),
    coalesce(' in schema ' || quote_ident(n.nspname), ''),
    case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
      when 'n' then 'schemas' when 'L' then 'large objects' end)
  || coalesce((select string_agg(format('%s has %s%s from %s',
         case e.grantee when 0 then 'public' else pg_get_userbyid(e.grantee) end, e.privilege_type,
         case when e.is_grantable then '*' else '' end, pg_get_userbyid(e.grantor)), ', '
         order by e.grantee, e.privilege_type collate "C", e.grantor)
       from aclexplode(d.defaclacl) e), 'nothing')
from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
