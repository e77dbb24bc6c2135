begin;
set local role shop_app;
set local search_path = shop, public;

with placed as (
    insert into orders (id, user_id, status, placed_at)
    select (select max(id) from orders) + n, 1 + n % 20000, 'new', clock_timestamp()
    from generate_series(1, :count) n
    returning id
)
insert into order_items (order_id, line, product, quantity, unit_price)
select id, line, 'SKU-0000' || line, 1, 9.99 from placed, generate_series(1, 2) line;
commit;
