select format('parser %I.%I: %s', n.nspname, p.prsname,
  concat_ws(', ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype))
from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace where {user pg_ts_parser p.oid}
union all
select format('template %I.%I: %s', n.nspname, t.tmplname, concat_ws(', ', t.tmplinit, t.tmpllexize))
from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace where {user pg_ts_template t.oid}
union all
select format('dictionary %I.%I: %I, %s', n.nspname, d.dictname, t.tmplname, coalesce(d.dictinitoption, ''))
from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace join pg_ts_template t on t.oid = d.dicttemplate
where {user pg_ts_dict d.oid}
union all
select format('configuration %I.%I: parser %I', n.nspname, c.cfgname, p.prsname)
from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace join pg_ts_parser p on p.oid = c.cfgparser
where {user pg_ts_config c.oid}
union all
select format('configuration %I.%I: token %s to %s', n.nspname, c.cfgname, m.maptokentype,
  string_agg(m.mapdict::regdictionary::text, ', ' order by m.mapseqno))
from pg_ts_config_map m join pg_ts_config c on c.oid = m.mapcfg join pg_namespace n on n.oid = c.cfgnamespace
where {user pg_ts_config c.oid}
group by n.nspname, c.cfgname, m.maptokentype
