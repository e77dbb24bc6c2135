package io.firedrill.demo;

import io.firedrill.plan.Database;
import io.firedrill.proof.PgConnections;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** The demo's web shop: a PostgreSQL database with users, orders, their items, documents and a large object. */
final class Shop {
    /** Orders in the shop before any is placed by {@link #placeOrders}; numbered from 1. */
    static final int FIRST_ORDERS = 100_000;

    private final Database database;

    /** @param database reached as superuser */
    Shop(Database database) {
        this.database = database;
    }

    /** Makes roles and the empty database, on a server that has neither. */
    void create() {
        Shop maintenance = new Shop(database.onDatabase("postgres"));
        maintenance.run("create role shop_owner nologin");
        maintenance.run("create role shop_app nologin");
        maintenance.run("create database shop owner shop_owner");
    }

    /** Tables and a few hundred thousand rows; see {@code shop.sql}. */
    void fill() {
        run(script("shop.sql"));
    }

    /** Orders that customers place after the backup: what an honest recovery from it cannot bring back. */
    void placeOrders(int count) {
        run(script("new-orders.sql").replace(":count", String.valueOf(count)));
    }

    /** Runs statements as superuser, each transaction for itself. */
    void run(String sql) {
        try (Connection connection = PgConnections.open(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException("The demo's database refused: " + e.getMessage(), e);
        }
    }

    String text(String sql) {
        try (Connection connection = PgConnections.open(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        } catch (SQLException e) {
            throw new IllegalStateException("The demo's database refused: " + e.getMessage(), e);
        }
    }

    long number(String sql) {
        return Long.parseLong(text(sql));
    }

    Database database() {
        return database;
    }

    private static String script(String name) {
        try (InputStream in = Shop.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("missing from the jar: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
