package io.firedrill.demo;

import io.firedrill.plan.Database;
import io.firedrill.tool.LocalPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The demo's recovery plan: the first plan a newcomer reads, hence its comments. */
final class PlanFile {
    private PlanFile() {}

    static String text(Places places, Database shop, Servers servers, int objectStorePort) {
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
                        url: "postgresql://%s@%s/%s?target_session_attrs=read-write"   # whichever of both is the primary
                        passwordFile: secrets/orders
                        server:               # where it lives: so it can come back as a whole, beside its damaged files
                          data: %s
                          log: %s
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
                      - kind: physical        # pg_basebackup of the whole server
                        keep: {days: 7}
                        wal: continuous       # and its WAL as it is written: any moment since can come back
                      - kind: files           # rsync
                        keep: {days: 7}
                    replication:              # who takes over from a dead primary
                      manager: plain          # Firedrill itself promotes; or patroni
                      nodes:
                %s
                %s
                      replicator: {user: replicator, passwordFile: secrets/replicator}
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
                        shop.addresses().stream().map(Object::toString).collect(Collectors.joining(",")),
                        shop.dbname(),
                        quoted(places.primary().resolve("data")),
                        quoted(places.primary().resolve("server.log")),
                        quoted(places.uploads()),
                        node("db1", shop.user(), servers.primary()),
                        node("db2", shop.user(), servers.standby()),
                        quoted(places.backups()),
                        ObjectStore.BUCKET,
                        objectStorePort);
    }

    private static String node(String name, String user, LocalPostgres server) {
        List<String> via = LocalPostgres.unprivilegedWords();
        String words = via.isEmpty()
                ? ""
                : "\n  via: [%s]".formatted(via.stream().map(word -> '"' + word + '"').collect(Collectors.joining(", ")));
        return """
                %s:
                  url: "postgresql://%s@127.0.0.1:%d/postgres"
                  passwordFile: secrets/orders
                  data: %s
                  log: %s%s""".formatted(name, user, server.port(), quoted(server.data()), quoted(server.log()), words)
                .indent(8)
                .stripTrailing();
    }

    /** A YAML text in single quotes, whatever the path holds. */
    private static String quoted(Path path) {
        return "'" + path.toString().replace("'", "''") + "'";
    }
}
