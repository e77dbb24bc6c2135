select format('%s %s: %s %s', i.type, i.identity, s.provider, quote_literal(s.label))
from pg_seclabel s, pg_identify_object(s.classoid, s.objoid, s.objsubid) i
