select format('%s: ', t.oid::regtype) || case t.typtype
  when 'e' then 'enum ' || (select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
                            from pg_enum e where e.enumtypid = t.oid)
  when 'd' then concat_ws(', ', 'domain over ' || format_type(t.typbasetype, t.typtypmod),
      'collate ' || case when t.typcollation <> b.typcollation then t.typcollation::regcollation::text end,
      case when t.typnotnull then 'not null' end, 'default ' || pg_get_expr(t.typdefaultbin, 0))
  when 'r' then concat_ws(', ', 'range of ' || r.rngsubtype::regtype::text,
      'multirange ' || r.rngmultitypid::regtype::text, -- since 14
      'operator class ' || (select format('%I.%I', n.nspname, o.opcname) from pg_opclass o
                            join pg_namespace n on n.oid = o.opcnamespace where o.oid = r.rngsubopc),
      'collate ' || nullif(r.rngcollation, 0)::regcollation::text,
      'canonical ' || r.rngcanonical::text, 'difference ' || r.rngsubdiff::text)
  when 'c' then 'composite'
  when 'p' then case when t.typisdefined then 'pseudo' else 'shell' end
  else concat_ws(', ', 'base', 'input ' || t.typinput, 'output ' || t.typoutput, 'receive ' || t.typreceive,
      'send ' || t.typsend, 'modifier in ' || t.typmodin, 'modifier out ' || t.typmodout, 'analyze ' || t.typanalyze,
      'length ' || t.typlen, case when t.typbyval then 'by value' end, 'align ' || t.typalign::text,
      'storage ' || t.typstorage::text, 'category ' || t.typcategory::text,
      case when t.typispreferred then 'preferred' end, 'delimiter ' || t.typdelim::text,
      'element ' || nullif(t.typelem, 0)::regtype::text, 'default ' || t.typdefault,
      case when t.typcollation <> 0 then 'collatable' end) end
from pg_type t
join pg_namespace n on n.oid = t.typnamespace
left join pg_type b on b.oid = t.typbasetype
left join pg_range r on r.rngtypid = t.oid
left join pg_class c on c.oid = t.typrelid
where n.nspname !~ '^pg_temp' and (c.oid is null or c.relkind = 'c') and {user pg_type t.oid}
  and not exists (select from pg_type e where e.typarray = t.oid)
  and not exists (select from pg_depend i where i.classid = 'pg_type'::regclass and i.objid = t.oid
                  and i.deptype = 'i' and i.refclassid = 'pg_type'::regclass)
