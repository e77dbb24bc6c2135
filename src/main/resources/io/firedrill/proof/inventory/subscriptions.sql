-- A restore leaves every subscription disabled on purpose; how to connect is a secret.
select format('%I: slot %s, publications %s, synchronous commit %s', s.subname, coalesce(s.subslotname::text, 'none'),
  (select string_agg(quote_ident(p), ', ' order by p collate "C") from unnest(s.subpublications) p), s.subsynccommit)
from pg_subscription s
where s.subdbid = (select d.oid from pg_database d where d.datname = current_database())
