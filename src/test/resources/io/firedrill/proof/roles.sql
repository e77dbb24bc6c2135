-- Roles belong to the whole server.
create role "owner of ""things""" nologin;
create role reader nologin;
create role granter nologin;
create role "Ünïcode role" nologin;
