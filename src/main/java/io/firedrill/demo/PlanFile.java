package io.firedrill.demo;

import io.firedrill.plan.Database;
import java.nio.file.Path;

/** The demo's recovery plan: the first plan a newcomer reads, hence its comments. */
final class PlanFile {
    private PlanFile() {}

    static String text(Places places, Database shop, int objectStorePort) {
        return """
                # The recovery plan of the demo. `firedrill plan show` says in words what it means.
                # Relative paths are relative to this file.

                services:
                  shop:                       # what belongs together and is recovered together
                    objectives:
                      rpo: 15m                # at most so much time's worth of data may be lost
                      rto: 30m                # at most so long may the service be away
                    databases:
                      orders:
                        url: "postgresql://%s@%s:%d/%s"
                        passwordFile: secrets/orders
                    files:
                      uploads:
                        path: %s
                    checks:                   # what must hold for the service to count as working
                      - name: users exist
                        sql: "select count(*) > 0 from shop.users"
                        database: orders
                      - name: every order has items
                        sql: "select not exists (select from shop.orders o where not exists (select from shop.order_items i where i.order_id = o.id))"
                        database: orders
                    backups:                  # a schedule would start them by itself; the demo starts them by hand
                      - kind: logical         # pg_dump
                        keep: {days: 7, weeks: 4}
                      - kind: files           # rsync
                        keep: {days: 7}
                    approvals:
                      approvers: 1
                      fourEyes: true          # who asks for a recovery cannot approve it
                      escalateAfter: 10m      # silence escalates; it never approves

                stores:                       # the first is written to, the others get a copy of every backup
                  local:
                    path: %s
                  offsite:
                    s3:
                      bucket: %s
                      prefix: firedrill
                      region: us-east-1
                      endpoint: http://127.0.0.1:%d
                      pathStyle: true
                      credentialsFile: secrets/offsite

                encryption:                   # backups are sealed in the age format before they leave this host
                  keyFile: secrets/backup.key
                """
                .formatted(
                        shop.user(),
                        shop.host(),
                        shop.port(),
                        shop.dbname(),
                        quoted(places.uploads()),
                        quoted(places.backups()),
                        ObjectStore.BUCKET,
                        objectStorePort);
    }

    /** A YAML text in single quotes, whatever the path holds. */
    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
