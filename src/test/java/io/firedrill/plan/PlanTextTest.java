package io.firedrill.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanTextTest {
    @TempDir
    Path temporary;

    @Test
    void thePlanIsToldAsWhatWouldBeDone() throws Exception {
        PlanFolder plans = PlanFolder.in(temporary);
        Path file = plans.plan("""
            services:
              shop:
                objectives: {rpo: 15m, rto: 1h30m}
                databases: {orders: {url: "postgresql://firedrill@127.0.0.1/orders?sslmode=require&options=tell-no-one", passwordFile: secrets/orders}}
                files: {uploads: {path: /data/files}}
                checks:
                  - {name: users exist, sql: "select count(*) > 0 from users"}
                  - {name: front page, http: "http://127.0.0.1:8080/health?token=tell-no-one"}
                  - {name: mounted, command: [/usr/bin/check, --token, tell-no-one]}
                backups:
                  - {kind: logical, schedule: "0 0 2 * * *", keep: {days: 7, weeks: 1}}
                  - {kind: files, schedule: "0 30 2 * * *", keep: {atLeast: 5}}
                recheck: {schedule: "0 0 4 * * SAT", every: 14d}
                approvals: {approvers: 2}
            timeZone: Europe/Berlin
            stores:
              local: {path: /backups}
              offsite: {s3: {bucket: abc, prefix: p, endpoint: "http://127.0.0.1:9000"}}
            encryption: {keyFile: secrets/backup.key}
            notify: [{slack: secrets/slack-url}]
            """);

        String text = PlanText.of(PlanReader.read(file));

        assertThat(text.replace(plans.folder().toString(), "HERE")).isEqualTo("""
            Recovery plan HERE/recovery-plan.yaml

            Service shop
              Objectives   lose at most 15m of data, be away at most 1h30m
              Database     orders: 127.0.0.1:5432/orders as firedrill, sslmode require, password in HERE/secrets/orders
              Files        uploads: /data/files
              Backup       logical at '0 0 2 * * *', kept: one each for 7 days, 1 week, and the newest 2
              Backup       files at '0 30 2 * * *', kept: the newest 5
              Read back    each copy at least every 14d, at '0 0 4 * * SAT', for at most 2h
              Check        users exist: select count(*) > 0 from users on orders
              Check        front page: http://127.0.0.1:8080/health answers 200 within 5s
              Check        mounted: /usr/bin/check exits 0 within 10s
              Approvals    2 people, not the one who asked; escalated every 10m, refused after 1d

            Store        local: folder /backups (backups are written here)
            Store        offsite: bucket abc/p at http://127.0.0.1:9000, us-east-1 (every backup is copied here)
            Encryption   age, with the key in HERE/secrets/backup.key
            Told         Slack, by the URL in HERE/secrets/slack-url
            Time zone    Europe/Berlin, of all schedules
            Engine       a Zeebe broker beside the server
            State        a PostgreSQL server beside the server
            """);
        assertThat(text).doesNotContain("tell-no-one");
    }

    @Test
    void whereAnotherToolHasThePhysicalBackupsIsTold() throws Exception {
        Path file = PlanFolder.in(temporary).plan("""
            services:
              shop:
                databases:
                  orders: {url: "postgresql://firedrill@127.0.0.1/orders", pgbackrest: {stanza: main}}
                  stock: {url: "postgresql://firedrill@127.0.0.1/stock"}
                  users: {url: "postgresql://firedrill@[::1]/users", barman: {server: one, user: backup}}
                backups: [{kind: logical}, {kind: physical}]
            stores: {local: {path: /backups}}
            """);

        assertThat(PlanText.of(PlanReader.read(file))).contains("""
              Database     orders: 127.0.0.1:5432/orders as firedrill, no password, physical backups in pgBackRest stanza main as postgres
              Database     stock: 127.0.0.1:5432/stock as firedrill, no password
              Database     users: [::1]:5432/users as firedrill, no password, physical backups in Barman server one as backup
              Backup       logical by hand, kept: one each for 7 days, 4 weeks, and the newest 2
              Backup       physical by hand, kept: as pgBackRest and Barman are set
            """);
    }

    @Test
    void whereAServerLivesIsTold() throws Exception {
        Path file = PlanFolder.in(temporary).plan("""
            services:
              shop:
                databases:
                  orders:
                    url: "postgresql://firedrill@127.0.0.1/orders"
                    server: {data: /pg/data}
                  users:
                    url: "postgresql://firedrill@[::1]/users"
                    server: {data: /pg/other, start: [systemctl, start, pg, --token=x], stop: [systemctl, stop, pg], user: pg}
            stores: {local: {path: /backups}}
            """);

        assertThat(PlanText.of(PlanReader.read(file)))
                .contains("orders as firedrill, no password, data in /pg/data, started and stopped by pg_ctl\n")
                .contains("users as firedrill, no password, data in /pg/other, started and stopped by systemctl as pg\n")
                .doesNotContain("token");
    }

    @Test
    void whatAValidPlanLeavesOpenIsTold() throws Exception {
        Path file = PlanFolder.in(temporary).plan("""
            services:
              shop:
                databases: {orders: {url: "postgresql://firedrill@127.0.0.1/orders"}}
                files: {uploads: {path: /data/files}}
                backups: [{kind: files}]
            stores: {local: {path: /backups}}
            """);

        assertThat(PlanText.of(PlanReader.read(file))).endsWith("""

            Missing
              - Backups are stored unencrypted: add encryption with a keyFile.
              - There is one copy of every backup: add a second store, elsewhere.
              - Nobody is told when something fails: add notify.
              - Service shop: its databases are never backed up: add a logical backup.
              - Service shop: its files are backed up by hand only: add a schedule.
              - Service shop has no checks: nothing would show that it works again.
            """);
    }
}
