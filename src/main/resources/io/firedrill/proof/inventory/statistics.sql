select pg_get_statisticsobjdef(s.oid)
  || coalesce(', target ' || nullif(coalesce(s.stxstattarget, -1), -1), '') -- since 13
from pg_statistic_ext s
where {user pg_statistic_ext s.oid}
