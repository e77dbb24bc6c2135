alter database :"db" set work_mem = '17MB';
alter database :"db" set search_path = sales, public;
alter role reader in database :"db" set statement_timeout = '5min';
alter database :"db" connection limit 40;
comment on database :"db" is 'the "shop"''s database';
grant create on database :"db" to reader with grant option;
revoke temporary on database :"db" from public;
