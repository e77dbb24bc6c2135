select format('%I: on %s, when %s, %s, %s', e.evtname, e.evtevent,
  coalesce((select string_agg(t, ', ' order by t collate "C") from unnest(e.evttags) t), 'any'),
  e.evtfoid::regprocedure, e.evtenabled)
from pg_event_trigger e
where {user pg_event_trigger e.oid}
