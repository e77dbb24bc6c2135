package io.firedrill.bench;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import io.firedrill.proof.PgFailures;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.function.DoubleConsumer;

/**
 * A shop's database of a wanted size, indexes included: short and long text, numbers, times, JSON, keys. What is random is
 * so by a fixed seed, and about as compressible as business data are (a custom-format dump is a fifth of its text).
 */
final class GeneratedDatabase {
    /** Some 20 MB with indexes. */
    private static final int CUSTOMERS_OF_A_BATCH = 4_000;

    private final Database db;

    GeneratedDatabase(Database db) {
        this.db = db;
    }

    /** @param progress hears the fraction done */
    void fill(long bytes, DoubleConsumer progress) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            statement.execute(SCHEMA);
            long size = 0;
            for (int batch = 0; size < bytes; batch++) {
                statement.execute("select setseed(%f)".formatted((batch % 1000) / 1000.0));
                int first = batch * CUSTOMERS_OF_A_BATCH;
                statement.execute(BATCH.replace("FIRST", String.valueOf(first + 1))
                        .replace("LAST", String.valueOf(first + CUSTOMERS_OF_A_BATCH)));
                size = size(statement);
                progress.accept(Math.min(1, (double) size / bytes));
            }
            statement.execute(FOREIGN_KEYS);
            statement.execute("vacuum (freeze, analyze)");
            statement.execute("checkpoint");
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    private static long size(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select pg_database_size(current_database())")) {
            row.next();
            return row.getLong(1);
        }
    }

    long bytes() {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            return size(statement);
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    /** Changes one row in a hundred, the newest ones, as a day of business would. */
    void changeOnePercent() {
        execute("""
                update orders set status = 'returned', changed = changed + interval '1 day'
                  where id > (select max(id) * 0.99 from orders);
                update order_items set quantity = quantity + 1 where order_id > (select max(id) * 0.99 from orders);
                update events set payload = payload || '{"seen": true}' where id > (select max(id) * 0.99 from events)
                """);
    }

    void checkpoint() {
        execute("checkpoint");
    }

    void execute(String sql) {
        try (Connection connection = PgConnections.open(db);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw PgFailures.running(db, e);
        }
    }

    /** Phrases are made once and then drawn by multiplying with a prime, which is far quicker than making each anew. */
    private static final String SCHEMA =
            """
            create function pg_temp.words(n int) returns text language sql volatile as $$
              select string_agg((array['delivery', 'invoice', 'customer', 'the', 'parcel', 'was', 'returned', 'because', 'of',
                'damage', 'please', 'call', 'before', 'noon', 'and', 'leave', 'it', 'with', 'neighbour', 'blue', 'large', 'size',
                'quality', 'as', 'described', 'very', 'good', 'service', 'again', 'thanks', 'für', 'schöne', 'Größe',
                'paid', 'by', 'card'])[1 + floor(random() * 36)::int], ' ') from generate_series(1, n)
            $$;
            select setseed(0.5);
            create temporary table phrases as
              select g as id, pg_temp.words(4) as short, pg_temp.words(8 + g % 12) as long from generate_series(0, 8191) g;
            analyze phrases;
            create table customers (id int primary key, name text not null, email text not null unique, city text,
              balance numeric(12, 2), joined timestamptz not null, notes text);
            create table products (id int primary key, sku text unique, title text, price numeric(10, 2), stock int);
            create table orders (id bigint primary key, customer_id int not null, status text not null,
              total numeric(12, 2), placed timestamptz not null, changed timestamptz, remark text);
            create table order_items (order_id bigint, line int, product_id int,
              quantity int, price numeric(10, 2), tax double precision, primary key (order_id, line));
            create table events (id bigint generated always as identity primary key, at timestamptz not null, customer_id int,
              kind text, payload jsonb);
            create index on orders (customer_id);
            create index on orders (placed);
            create index on order_items (product_id);
            create index on events (at);
            insert into products select g, 'SKU-' || lpad(g::text, 8, '0'), short, round((random() * 500)::numeric, 2),
              (random() * 1000)::int from generate_series(1, 20000) g join phrases p on p.id = g * 7919::bigint % 8192
            """;

    /** Checked once at the end, not row by row. */
    private static final String FOREIGN_KEYS =
            """
            alter table orders add foreign key (customer_id) references customers;
            alter table order_items add foreign key (order_id) references orders, add foreign key (product_id) references products
            """;

    private static final String BATCH =
            """
            insert into customers select g, 'Customer ' || g, 'customer' || g || '@example.org',
              (array['Berlin', 'Paris', 'London', 'Madrid', 'Roma', 'Wien', 'København'])[1 + g % 7],
              round((random() * 10000 - 2000)::numeric, 2), timestamptz '2020-01-01' + g * interval '7 minutes',
              p.long || ' ' || q.long from generate_series(FIRST, LAST) g
              join phrases p on p.id = g * 7919::bigint % 8192 join phrases q on q.id = g * 3571::bigint % 8192;
            insert into orders select g * 10::bigint + n, g,
              (array['new', 'paid', 'sent', 'done'])[1 + (g + n) % 4], round((random() * 900)::numeric, 2),
              timestamptz '2022-01-01' + (g * 10 + n) * interval '11 seconds', null,
              case when n % 3 = 0 then p.long end
              from generate_series(FIRST, LAST) g, generate_series(0, 9) n, phrases p
              where p.id = (g * 7919::bigint + n * 3571) % 8192;
            insert into order_items select o.id, l, 1 + (random() * 19999)::int, 1 + (random() * 4)::int,
              round((random() * 300)::numeric, 2), random() from orders o, generate_series(1, 3) l
              where o.customer_id between FIRST and LAST;
            insert into events (at, customer_id, kind, payload) select timestamptz '2024-01-01' + (g * 6 + n) * interval '3 seconds',
              g, (array['view', 'search', 'cart', 'pay'])[1 + n % 4],
              jsonb_build_object('page', '/products/' || (random() * 20000)::int, 'agent', 'Mozilla/5.0 (X11; Linux x86_64)',
                'session', md5(g::text), 'ms', (random() * 4000)::int, 'query', p.short)
              from generate_series(FIRST, LAST) g, generate_series(0, 5) n, phrases p
              where p.id = (g * 7919::bigint + n * 3571) % 8192
            """;
}
