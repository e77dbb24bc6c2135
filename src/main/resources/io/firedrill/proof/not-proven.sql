select format('%I.%I', n.nspname, c.relname), case c.relkind
  when 'f' then 'foreign table: its rows live on another server and are in no dump'
  when 'm' then 'materialized view: its rows are computed anew by a restore; its definition is proven' end
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('f', 'm') and {user pg_class c.oid}
union all
select format('%I.%I', n.nspname, c.relname), 'invalid index: a dump leaves it out'
from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
join pg_class t on t.oid = i.indrelid
where not (i.indisvalid or t.relkind = 'p') and t.relpersistence <> 't' and {user pg_class c.oid}
union all
select 'subscriptions', 'only a superuser may read them' where not (select rolsuper from pg_roles where rolname = current_user)
