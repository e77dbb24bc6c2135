-- The version of the operating system's collation is not carried by a dump.
select format('%I.%I: ', n.nspname, c.collname) || concat_ws(', ', 'provider ' || c.collprovider::text,
  'encoding ' || case c.collencoding when -1 then 'any' else pg_encoding_to_char(c.collencoding) end,
  'collate ' || c.collcollate, 'ctype ' || c.collctype,
  'icu ' || c.colliculocale, -- from 15 to 16
  'locale ' || c.colllocale, -- since 17
  'rules ' || c.collicurules, -- since 16
  case when not c.collisdeterministic then 'nondeterministic' end)
from pg_collation c join pg_namespace n on n.oid = c.collnamespace
where {user pg_collation c.oid}
