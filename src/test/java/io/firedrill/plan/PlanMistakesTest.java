package io.firedrill.plan;

import static io.firedrill.plan.MistakenPlan.afterServices;
import static io.firedrill.plan.MistakenPlan.afterStores;
import static io.firedrill.plan.MistakenPlan.inShop;
import static io.firedrill.plan.MistakenPlan.of;
import static io.firedrill.plan.MistakenPlan.url;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of mistake is told, where it is, with what to write instead, and nothing else is. */
class PlanMistakesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @MethodSource({"yaml", "keys", "types", "names", "alike", "durationsAndNumbers", "urls"})
    @MethodSource({"replication", "files", "backups", "repositories", "servers", "schedules", "checks", "services", "stores", "elsewhere"})
    void aMistakeIsToldWhereItIs(MistakenPlan plan) throws Exception {
        plan.isTold(PlanFolder.in(folder));
    }

    static Stream<MistakenPlan> replication() {
        String shop = "databases: {orders: {url: \"postgresql://a@lb/c\"}}\nreplication:\n  ";
        String one = "url: \"postgresql://a@p1/postgres\", data: /data/pg";
        String two = "url: \"postgresql://a@p2/postgres\", data: /data/pg";
        String api1 = "api: \"http://p1:8008\"";
        String api2 = "api: \"http://p2:8008\"";
        String patroni = shop + "manager: patroni\n  nodes: {p1: {%s}, p2: {%s}}\n  ".formatted(api1, api2);
        return Stream.of(
                inShop("no manager", "databases: {orders: {url: \"postgresql://a@b/c\"}}\n‸replication: {}", "no 'manager'|plain"),
                inShop("unknown manager", shop + "manager: ‸repmgr", "no manager 'repmgr'|plain"),
                inShop("pgpool-II", shop + "manager: ‸pgpool", "no manager 'pgpool'|plain|patroni"),
                inShop("no nodes of Patroni", "databases: {orders: {url: \"postgresql://a@b/c\"}}\n‸replication: {manager: patroni}", "no 'nodes'|api"),
                inShop("one node of Patroni", shop + "manager: patroni\n  ‸nodes: {p1: {%s}}".formatted(api1), "two nodes"),
                inShop("no REST API", shop + "manager: patroni\n  nodes: {‸p1: {server: \"p1:5432\"}, p2: {%s}}".formatted(api2), "no 'api'|8008"),
                inShop("REST API with a path",
                        shop + "manager: patroni\n  nodes: {p1: {api: ‸\"http://p1:8008/cluster\"}, p2: {%s}}".formatted(api2), "host and port alone"),
                inShop("REST API without a port", shop + "manager: patroni\n  nodes: {p1: {api: ‸\"http://p1\"}, p2: {%s}}".formatted(api2), "8008"),
                inShop("one REST API twice",
                        shop + "manager: patroni\n  ‸nodes: {p1: {%s}, p2: {%s, server: \"p2:5432\"}}".formatted(api1, api1), "'p1' and 'p2'|REST"),
                inShop("one server of Patroni twice",
                        shop + "manager: patroni\n  ‸nodes: {p1: {%s}, p2: {%s, server: \"p1:5432\"}}".formatted(api1, api2), "same server, p1:5432"),
                inShop("a server without a port",
                        shop + "manager: patroni\n  nodes: {p1: {%s, server: ‸p1}, p2: {%s}}".formatted(api1, api2), "'p1' is not|10.0.0.1:5432"),
                inShop("plain's key with Patroni", patroni + "‸deadAfter: 3s", "no key 'deadAfter'"),
                inShop("half of a sign-in", "databases: {orders: {url: \"postgresql://a@lb/c\"}}\n‸replication: {manager: patroni, user: a, nodes: {p1: {%s}, p2: {%s}}}"
                        .formatted(api1, api2), "only 'user'|passwordFile"),
                inShop("nowhere to listen", patroni + "readOnly: ‸5001", "readOnly|*:8443"),
                inShop("one port for both", "databases: {orders: {url: \"postgresql://a@lb/c\"}}\n‸replication: {manager: patroni, readWrite: \"*:5001\", nodes: {p1: {%s}, p2: {%s}}}"
                        .formatted(api1, api2), "both|port of its own"),
                inShop("a database of Patroni's that would not be found",
                        "databases: {orders: {url: \"postgresql://a@p1/c\"}}\nreplication:\n  manager: patroni\n  ‸nodes: {p1: {%s}, p2: {%s}}"
                                .formatted(api1, api2),
                        "'orders' would not be found|p2"),
                inShop("standbys of files", "files: {a: {path: /a}}\n‸replication: {manager: plain}", "no database to go with it"),
                inShop("no nodes", "databases: {orders: {url: \"postgresql://a@b/c\"}}\n‸replication: {manager: plain}", "no 'nodes'"),
                inShop("one node", shop + "manager: plain\n  ‸nodes: {p1: {%s}}".formatted(one), "two nodes"),
                inShop("one server twice", shop + "manager: plain\n  ‸nodes: {p1: {%s}, p2: {%s}}".formatted(one, one), "'p1' and 'p2'|same"),
                inShop("no data", shop + "manager: plain\n  nodes: {‸p1: {url: \"postgresql://a@p1/postgres\"}, p2: {%s}}".formatted(two), "no 'data'"),
                inShop("unknown in a node", shop + "manager: plain\n  nodes: {p1: {%s, ‸port: 1}, p2: {%s}}".formatted(one, two), "no key 'port'"),
                inShop("bad slot", shop + "manager: plain\n  nodes: {p1: {%s, slot: ‸A-1}, p2: {%s}}".formatted(one, two), "replication slot"),
                inShop("a cause no standby cures", shop + "manager: plain\n  withoutApproval: [‸human-error]\n  nodes: {p1: {%s}, p2: {%s}}"
                        .formatted(one, two), "human-error|hardware, software"),
                inShop("a database that would not be found",
                        "databases: {orders: {url: \"postgresql://a@p1/c\"}}\nreplication:\n  manager: plain\n  ‸nodes: {p1: {%s}, p2: {%s}}"
                                .formatted(one, two),
                        "'orders' would not be found|p2|target_session_attrs=read-write"));
    }

    static Stream<MistakenPlan> yaml() {
        return Stream.of(
                of("empty file", "‸", "empty|services and stores"),
                of("only a comment", "‸# nothing yet\n", "empty"),
                of("tab", "services:\n‸\tshop: {}\n", "tab|spaces only"),
                of("unclosed bracket", "services: {shop: {}\n‸stores: 1\n", "not valid YAML|brackets"),
                of("unclosed quote", "services: \"shop\n‸", "not valid YAML|quote"),
                of("two documents", "services: {}\n‸---\nstores: {}\n", "second document|one plan per file"),
                of("unknown alias", "services: ‸*nowhere\n", "no anchor|nowhere|&name"),
                of("itself", "services: ‸&all {shop: *all}\n", "contains itself"),
                of("tag", "services: ‸!!java.net.URL {}\n", "tag|java.net.URL|Remove"),
                of("binary", "services: ‸!!binary aGk=\n", "tag|binary"),
                of("key is a list", "‸[services, stores]: 1\n", "key must be a text"),
                of("merge of a text", "services:\n  <<: ‸shop\n  shop: 1\n", "'<<'|maps|&anchor"),
                of(
                        "control character after much else",
                        "# \ud83d\ude00" + "x".repeat(5000) + "\nservices: \"a‸\u0007b\"\n",
                        "U+0007"),
                of("control character", "services: \"a‸\u0007b\"\n", "does not allow|U+0007"),
                of("not a map", "‸services and stores\n", "must be a map, here is a text|services: {shop"));
    }

    static Stream<MistakenPlan> keys() {
        return Stream.of(
                afterStores(
                        "unknown, near a known one",
                        "‸encription: {}\n",
                        "no key 'encription'|Did you mean 'encryption'?|Known keys: services, stores"),
                afterStores("unknown, near none", "‸colour: red\n", "The plan has no key 'colour'|Known keys"),
                inShop(
                        "unknown in a service",
                        "‸databse: {}\nfiles: {a: {path: /a}}",
                        "Service 'shop' has no key 'databse'|Did you mean 'databases'?"),
                inShop(
                        "unknown in a database",
                        "databases:\n  orders: {url: \"postgresql://a@b/c\", ‸pasword: x}",
                        "no key 'pasword'|passwordFile"),
                inShop(
                        "the password itself",
                        "databases:\n  orders: {url: \"postgresql://a@b/c\", ‸password: x}",
                        "no key 'password'|Did you mean 'passwordFile'?"),
                inShop(
                        "wrong case",
                        "‸Files: {a: {path: /a}}\nfiles: {a: {path: /a}}",
                        "no key 'Files'|Did you mean 'files'?"),
                inShop(
                        "twice",
                        "files: {a: {path: /a}}\n‸files: {b: {path: /b}}",
                        "'files' is written twice, first on line 3|Keep one"),
                inShop(
                        "a load balancer without anything",
                        "files: {a: {path: /a}}\n‸loadBalancer: {backend: auth}",
                        "neither 'haproxy' nor 'nginx' nor 'servers'|haproxy: /run/haproxy/admin.sock"),
                inShop(
                        "two load balancers in one, a server with a path, a listener without a port",
                        """
                        files: {a: {path: /a}}
                        ‸loadBalancer:
                          haproxy: /run/haproxy/admin.sock
                          nginx: /etc/nginx/conf.d/auth-upstream.conf
                          backend: auth
                          servers: [‸"https://10.0.0.1:8443/"]
                          listen: ‸"8080"
                        """,
                        "both 'haproxy' and 'nginx'|Keep the one",
                        "http, host and port alone|TLS ends at the balancer",
                        "'listen' cannot be '8080'|*:8443"),
                inShop(
                        "a pooler without databases",
                        "files: {a: {path: /a}}\npgbouncer: {url: \"postgresql://a@b:6432/pgbouncer\", databases: ‸[]}",
                        "names none|databases: [shop]"),
                afterStores("a console without servers", "‸console: {listen: \"*:80\"}\n", "no 'servers'|Add servers"),
                inShop(
                        "a drill's schedule that never comes",
                        "files: {a: {path: /a}}\ndrills: {schedule: ‸\"0 0 5 30 FEB *\"}",
                        "FEB"),
                inShop(
                        "unknown in drills",
                        "files: {a: {path: /a}}\ndrills: {‸shedule: \"0 0 5 * * *\"}",
                        "no key 'shedule'|Did you mean 'schedule'?"),
                afterStores("oidc without an address to come back to",
                        "‸console: {oidc: {issuer: \"https://login\", clientId: f, clientSecretFile: secrets/state, roles: {sre: [operator]}}}\n",
                        "The console has no 'address'"),
                afterStores("oidc without its secret",
                        "console: {address: \"https://f\", ‸oidc: {issuer: \"https://login\", clientId: f, roles: {sre: [operator]}}}\n",
                        "Oidc has no 'clientSecretFile'|secrets/oidc"),
                afterStores("an issuer that anybody on the way can be",
                        "console: {address: \"https://f\", oidc: {issuer: ‸\"http://login\", clientId: f, clientSecretFile: secrets/state, roles: {sre: [operator]}}}\n",
                        "'issuer' is not https"),
                afterStores("a role that is none",
                        "console: {address: \"https://f\", oidc: {issuer: \"https://login\", clientId: f, clientSecretFile: secrets/state, roles: {sre: [‸oprator], b: ‸[]}}}\n",
                        "no role 'oprator'|Did you mean 'operator'?", "'b' names no role"),
                afterStores("nobody may come in",
                        "console: {address: \"https://f\", oidc: {issuer: \"https://login\", clientId: f, clientSecretFile: secrets/state, roles: ‸{}}}\n",
                        "'roles' is empty"),
                afterStores("no mail address", "notify: [{email: ‸ops}]\n", "not one mail address: 'ops'|ops@example.org"),
                afterStores("several mail addresses in one", "notify: [{email: ‸\"a@example.org, b@example.org\"}]\n", "not one mail address|target of its own"),
                afterStores("a mail server with a password in it", "notify: [{email: a@example.org, smtp: ‸\"smtp://me:s3cret@mail:25\"}]\n",
                        "'smtp' is not a mail server's address|passwordFile"),
                afterStores("a mail server by the web", "notify: [{email: a@example.org, smtp: ‸\"https://mail\"}]\n", "not a mail server's address|smtps://HOST:PORT"),
                afterStores("half a sign-in to the mail server", "notify: [‸{email: a@example.org, user: drill}]\n", "no 'passwordFile'"),
                afterStores("a sender without mail", "notify: [{slack: secrets/slack-url, ‸from: a@example.org}]\n", "'from' goes with 'email'|Remove it"),
                of(
                        "several at once, in the file's order",
                        """
                        services:
                          shop:
                            ‸file: {a: {path: /a}}
                            objectives: {rpo: ‸soon}
                            databases: {orders: {url: ‸nowhere}}
                        ‸store: {}
                        stores: ‸{}
                        """,
                        "no key 'file'|Did you mean 'files'?",
                        "'rpo' is not a duration",
                        "not a PostgreSQL URL",
                        "no key 'store'|Did you mean 'stores'?",
                        "'stores' is empty"));
    }

    static Stream<MistakenPlan> types() {
        return Stream.of(
                of(
                        "services is a list",
                        "services:\n  ‸- shop\nstores: {local: {path: /b}}\n",
                        "'services' must be a map, here is a list|shop:"),
                of(
                        "services is nothing",
                        "services:‸\nstores: {local: {path: /b}}\n",
                        "'services' must be a map, here is nothing"),
                inShop(
                        "databases is a list",
                        "databases:\n  ‸- orders",
                        "'databases' must be a map, here is a list|orders:"),
                inShop(
                        "database is a text",
                        "databases:\n  orders: ‸postgresql://a@b/c",
                        "'orders' must be a map, here is a text|{url:"),
                inShop("url is a map", "databases: {orders: {url: ‸{host: a}}}", "'url' must be a text, here is a map"),
                inShop("url is nothing", "databases:\n  orders:\n    url:‸", "'url' is empty"),
                inShop("path is blank", "files: {a: {path: ‸\" \"}}", "'path' is empty"),
                inShop(
                        "backups is a map",
                        "files: {a: {path: /a}}\nbackups: ‸{kind: files}",
                        "'backups' must be a list, here is a map|[{kind:"),
                inShop(
                        "backup is a text",
                        "files: {a: {path: /a}}\nbackups: [‸files]",
                        "'backups' must be a map, here is a text|kind:"),
                inShop(
                        "checks is a text",
                        "files: {a: {path: /a}}\nchecks: ‸all",
                        "'checks' must be a list, here is a text"),
                inShop(
                        "fourEyes is a word",
                        "files: {a: {path: /a}}\napprovals: {fourEyes: ‸maybe}",
                        "'fourEyes' must be true or false, here is 'maybe'"),
                inShop(
                        "fourEyes is quoted",
                        "files: {a: {path: /a}}\napprovals: {fourEyes: ‸\"true\"}",
                        "without quotes"));
    }

    static Stream<MistakenPlan> names() {
        String rule = "|lower-case letters, digits|at most 40";
        return Stream.of(
                of(
                        "services",
                        "services:\n"
                                + "  ‸My Shop: {files: {a: {path: /a}}}\n"
                                + "  ‸-x: {files: {b: {path: /b}}}\n"
                                + "stores: {local: {path: /c}}\n",
                        "'My Shop' cannot be the name of a service" + rule,
                        "'-x' cannot be"),
                inShop(
                        "databases",
                        "databases: {‸Orders: {url: \"postgresql://a@b/c\"}}",
                        "'Orders' cannot be the name of a database" + rule),
                inShop("file sets", "files: {‸a.b: {path: /a}}", "'a.b' cannot be the name of a file set" + rule),
                afterServices(
                        "stores",
                        "stores: {‸%s: {path: /a}}\n".formatted("s".repeat(41)),
                        "cannot be the name of a store" + rule),
                afterServices(
                        "a number is a name", "stores:\n  1: {path: /a}\n  ‸1.5: {path: /b}\n", "'1.5' cannot be"));
    }

    static Stream<MistakenPlan> alike() {
        return Stream.of(
                of(
                        "same service twice",
                        "services:\n"
                                + "  shop: {files: {a: {path: /a}}}\n"
                                + "  ‸shop: {files: {b: {path: /b}}}\n"
                                + "stores: {local: {path: /c}}\n",
                        "Two services alike: 'shop', and 'shop' on line 2|another name"),
                of("same service copied with all it has", """
                    services:
                      shop: {databases: {orders: {url: "postgresql://a@b/c"}}, files: {a: {path: /a}}}
                      ‸shop: {databases: {orders: {url: "postgresql://a@b/c"}}, files: {a: {path: /a}}}
                    stores: {local: {path: /backups}}
                    """, "Two services alike"),
                of(
                        "services differing by case only",
                        "services:\n"
                                + "  shop: {files: {a: {path: /a}}}\n"
                                + "  ‸Shop: {files: {b: {path: /b}}}\n"
                                + "stores: {local: {path: /c}}\n",
                        "Two services alike: 'Shop', and 'shop' on line 2|lower-case"),
                of(
                        "same database in two services",
                        """
                        services:
                          shop: {databases: {orders: {url: "postgresql://a@db.example.org/orders"}}}
                          desk: {databases: {‸tickets: {url: "postgresql://b@DB.example.org:5432/orders?sslmode=require"}}}
                        stores: {local: {path: /backups}}
                        """,
                        "Database 'tickets' of service 'desk' and database 'orders' of service 'shop' on line 2|same"
                                + " database, DB.example.org:5432/orders|point one elsewhere"),
                inShop(
                        "same database by two names of this machine",
                        "databases:\n"
                                + "  a: {url: \"postgresql://a@localhost/x\"}\n"
                                + "  ‸b: {url: \"postgresql://a@[::1]/x\"}",
                        "same database"),
                of(
                        "state database is a service's own",
                        """
                        services: {shop: {databases: {orders: {url: "postgresql://a@b/c"}}}}
                        stores: {local: {path: /backups}}
                        ‸state: {url: "postgresql://z@b:5432/c"}
                        """,
                        "The state database and database 'orders' of service 'shop' on line 1|same database"),
                inShop(
                        "same folder",
                        "files:\n  a: {path: /data/files}\n  ‸b: {path: /data/x/../files/}",
                        "overlap in /data/files"),
                inShop(
                        "nested folders",
                        "files:\n  a: {path: /data/files/deep}\n  ‸b: {path: /data/files}",
                        "File set 'b'|file set 'a' of service 'shop' on line 4|overlap"),
                of(
                        "a store inside what is backed up",
                        "services: {shop: {files: {a: {path: /data}}}}\nstores: {local: {‸path: /data/backups}}\n",
                        "Store 'local' and file set 'a' of service 'shop' on line 1 overlap in /data/backups"),
                afterServices(
                        "same bucket and prefix",
                        "stores:\n  one: {s3: {bucket: abc, prefix: p}}\n  two: {‸s3: {bucket: abc, prefix: p/q}}\n",
                        "Store 'two' and store 'one' on line 3 overlap in abc/p/q"),
                of(
                        "the later in the file is told, whichever is read first",
                        "stores: {local: {path: /data}}\nservices: {shop: {files: {‸a: {path: /data/a}}}}\n",
                        "File set 'a' of service 'shop' and store 'local' on line 1 overlap"));
    }

    static Stream<MistakenPlan> durationsAndNumbers() {
        String accepted = "|30s, 15m, 2h, 7d|1h30m|PT15M";
        return Stream.of(
                inShop(
                        "durations",
                        "files: {a: {path: /a}}\n"
                                + "objectives: {rpo: ‸15, rto: ‸1:30}\n"
                                + "approvals: {escalateAfter: ‸0m, expireAfter: ‸30m1h}",
                        "'rpo' is not a duration: '15'" + accepted,
                        "'rto' is not a duration: '1:30'",
                        "'escalateAfter'|'0m'",
                        "'expireAfter'|'30m1h'"),
                inShop(
                        "durations in ISO-8601",
                        "files: {a: {path: /a}}\n"
                                + "objectives: {rpo: ‸-PT5M, rto: ‸P1M}\n"
                                + "approvals: {escalateAfter: ‸PT, expireAfter: ‸9999d}",
                        "'-PT5M'",
                        "'P1M'",
                        "'PT'",
                        "at most 3650d"),
                inShop(
                        "approvers",
                        "files: {a: {path: /a}}\napprovals: {approvers: ‸0}",
                        "'approvers' must be a whole number, here is '0'|from 1 to 20"),
                inShop(
                        "keep",
                        "files: {a: {path: /a}}\n"
                                + "backups:\n"
                                + "  - {kind: files, keep: {days: ‸-1, weeks: ‸1.5, months: ‸many, atLeast: ‸0}}",
                        "'days'|'-1'|from 0",
                        "'weeks'|'1.5'",
                        "'months'|'many'",
                        "'atLeast'|from 1"));
    }

    static Stream<MistakenPlan> urls() {
        return Stream.of(
                url("mysql://a@b/c", "not a PostgreSQL URL|postgresql://USER@HOST:PORT/DATABASE"),
                url("host=b dbname=c", "not a PostgreSQL URL"),
                url("jdbc:postgresql://b/c", "JDBC|Leave 'jdbc:' out"),
                url("postgresql://a:secret@b/c", "holds a password|passwordFile"),
                url("postgresql://a@b/c?password=secret", "holds a secret: password|passwordFile"),
                url("postgresql://b/c", "names no user"),
                url("postgresql://a@b", "names no database"),
                url("postgresql://a@/c", "Unix-domain socket|only TCP"),
                url("postgresql://a@%2Frun%2Fpostgresql/c", "Unix-domain socket"),
                url("postgresql://a@b,d/c", "several hosts|target_session_attrs=read-write"),
                url("postgresql://a@b:1,d:2/c?target_session_attrs=any", "several hosts|read-write"),
                url("postgresql://a@b:99999/c", "port|1 to 65535"),
                url("postgresql://a@b:x/c", "port"),
                url("postgresql://a@[::1/c", "without its brackets|[::1]"),
                url("postgresql://a@::1/c", "without its brackets"),
                url("postgresql://a@b c/d", "not a host name"),
                url("postgresql://a@b/c%2", "'%'|%25"),
                url("postgresql://a@b/c%ff", "'%'"),
                url("postgresql://a@b/c?sslmod=require", "no connection parameter 'sslmod'|Did you mean 'sslmode'?"),
                url("postgresql://a@b/c?sslmode=strict", "no sslmode 'strict'|verify-full"),
                url("postgresql://a@b/c?sslmode", "no value"),
                url("postgresql://a@b/c?host=d", "'host' after '?'"),
                url("postgresql://a@b/c?service=d", "'service' is not supported"),
                url("postgresql://a@b/c?sslmode=require&sslmode=disable", "'sslmode' is there twice"),
                url("postgresql://a@b/c?sslrootcert=missing.crt", "'sslrootcert': there is no file|missing.crt"),
                url(
                        "postgresql://:secret@/",
                        "holds a password",
                        "names no user",
                        "Unix-domain socket",
                        "names no database"));
    }

    static Stream<MistakenPlan> files() {
        return Stream.of(
                inShop(
                        "missing password file",
                        "databases: {orders: {url: \"postgresql://a@b/c\", passwordFile: ‸secrets/lost}}",
                        "'passwordFile': there is no file|/secrets/lost|relative to"),
                inShop(
                        "password file is a folder",
                        "databases: {orders: {url: \"postgresql://a@b/c\", passwordFile: ‸secrets}}",
                        "this is not a file"),
                inShop("no such path", "files: {a: {path: ‸\"a\\0b\"}}", "'path' is not a path"),
                inShop("root folder", "files: {a: {path: ‸/}}", "cannot be swapped|inside another"),
                afterStores("missing key", "encryption: {keyFile: ‸secrets/lost.key}\n", "'keyFile': there is no file"),
                afterStores("no key in it", "encryption: {keyFile: ‸secrets/orders}\n", "no age key|AGE-SECRET-KEY-1"),
                afterStores("missing Slack file", "notify: [{slack: ‸secrets/lost}]\n", "'slack': there is no file"),
                afterStores(
                        "Slack's URL itself",
                        "notify: [{slack: ‸\"https://hooks.example.org/x\"}]\n",
                        "the webhook's URL itself|a secret|name the file here"),
                afterStores("no URL in it", "notify: [{slack: ‸secrets/orders}]\n", "no web address|https://"),
                afterServices(
                        "missing credentials",
                        "stores: {o: {s3: {bucket: abc, credentialsFile: ‸secrets/lost}}}\n",
                        "'credentialsFile': there is no file"),
                afterStores(
                        "missing client secret",
                        "engine: {saas: {clusterId: i, region: r, clientId: c, clientSecretFile: ‸secrets/lost}}\n",
                        "'clientSecretFile': there is no file"));
    }

    static Stream<MistakenPlan> backups() {
        String files = "files: {a: {path: /a}}\n";
        return Stream.of(
                inShop(
                        "physical without databases",
                        files + "backups: [{kind: ‸physical}]",
                        "Service 'shop' has no databases|Remove the entry"),
                inShop(
                        "wal of another kind",
                        files + "backups: [{kind: files, ‸wal: continuous}]",
                        "'wal' is for physical backups; this one is files|write kind: physical"),
                inShop(
                        "unknown wal",
                        "databases: {o: {url: \"postgresql://a@b/c\"}}\nbackups: [{kind: physical, wal: ‸always}]",
                        "'wal' is 'always'|Write wal: continuous"),
                inShop(
                        "two kinds of wal",
                        "databases: {o: {url: \"postgresql://a@b/c\"}}\nbackups:\n"
                                + "  - {kind: physical, schedule: \"0 0 2 * * *\", wal: continuous}\n"
                                + "  - ‸{kind: physical, schedule: \"0 0 3 * * *\"}",
                        "Two physical backups alike|has another wal"),
                inShop(
                        "unknown kind",
                        files + "backups: [{kind: ‸logicl}]",
                        "no kind of backup 'logicl'|Did you mean 'logical'?"),
                inShop(
                        "no kind",
                        files + "backups: [‸{schedule: \"0 0 2 * * *\"}]",
                        "A backup has no 'kind'|Add kind:"),
                inShop(
                        "logical without databases",
                        files + "backups: [{kind: ‸logical}]",
                        "Service 'shop' has no databases|Remove the entry"),
                inShop(
                        "files without files",
                        "databases: {o: {url: \"postgresql://a@b/c\"}}\nbackups: [{kind: ‸files}]",
                        "Service 'shop' has no files|Remove the entry"),
                inShop(
                        "same schedule twice",
                        files
                                + "backups:\n"
                                + "  - {kind: files, schedule: \"0 0 2 * * *\"}\n"
                                + "  - ‸{kind: files, schedule: \"0  0 2 * * *\"}",
                        "Two files backups alike: another on line 5 has the same schedule"),
                inShop(
                        "by hand twice",
                        files + "backups:\n  - {kind: files}\n  - ‸{kind: files, keep: {days: 1}}",
                        "Two files backups alike"),
                inShop(
                        "by hand beside a schedule",
                        files + "backups:\n  - {kind: files}\n  - ‸{kind: files, schedule: \"0 0 2 * * *\"}",
                        "one of them has no schedule|by hand are always possible"),
                inShop(
                        "two keeps for one kind",
                        files
                                + "backups:\n"
                                + "  - {kind: files, schedule: \"0 0 2 * * *\"}\n"
                                + "  - ‸{kind: files, schedule: \"0 0 9 * * *\", keep: {days: 1}}",
                        "has another keep|one per kind"));
    }

    static Stream<MistakenPlan> repositories() {
        String physical = "backups: [{kind: physical}]\n";
        String orders = "databases:\n  orders:\n    url: \"postgresql://a@b/c\"\n";
        return Stream.of(
                inShop(
                        "both tools",
                        orders + "    pgbackrest: {stanza: main}\n    ‸barman: {server: main}\n" + physical,
                        "both a pgBackRest stanza and a Barman server|Keep the one that archives its WAL"),
                inShop(
                        "a tool without physical backups",
                        orders + "    ‸pgbackrest: {stanza: main}\n",
                        "'orders' names a pgBackRest stanza main, but service 'shop' has no physical backups|kind: physical"),
                inShop(
                        "no stanza",
                        orders + "    ‸pgbackrest: {user: postgres}\n" + physical,
                        "'pgbackrest' has no 'stanza'|Add stanza: main"),
                inShop(
                        "keys of the other tool",
                        orders + "    ‸barman: {‸stanza: main}\n" + physical,
                        "'barman' has no 'server'|Add server: main",
                        "'barman' has no key 'stanza'|server, config, user"),
                inShop(
                        "a stanza that would be an option",
                        orders + "    pgbackrest: {stanza: ‸--delta}\n" + physical,
                        "'--delta' cannot be a stanza of pgBackRest"),
                inShop(
                        "all of Barman's servers",
                        orders + "    barman: {server: ‸all}\n" + physical,
                        "'all' cannot be a server of Barman|one server"),
                inShop(
                        "no such user",
                        orders + "    barman: {server: main, user: ‸\"bar man\"}\n" + physical,
                        "'bar man' cannot be a system user"),
                inShop(
                        "lost configuration",
                        orders + "    pgbackrest: {stanza: main, config: ‸/nowhere/pgbackrest.conf}\n" + physical,
                        "'config': there is no file /nowhere/pgbackrest.conf"),
                inShop(
                        "WAL received twice",
                        orders + "    pgbackrest: {stanza: main}\nbackups: [{kind: physical, ‸wal: continuous}]",
                        "WAL is archived by pgBackRest already|Remove it"),
                inShop(
                        "retention in two places",
                        orders + "    barman: {server: main}\nbackups: [{kind: physical, ‸keep: {days: 7}}]",
                        "kept is said in the configuration of Barman|retention_policy"),
                inShop(
                        "a tool named at another database of the server",
                        orders + "  stock:\n    url: \"postgresql://a@b/d\"\n    ‸pgbackrest: {stanza: main}\n" + physical,
                        "Physical backups of b:5432 are named after its first database, 'orders', not 'stock'|Move it to 'orders'"),
                inShop(
                        "one stanza of two servers",
                        orders + "    pgbackrest: {stanza: main}\n  stock:\n    url: \"postgresql://a@d/d\"\n"
                                + "    ‸pgbackrest: {stanza: main}\n" + physical,
                        "on line 6|are on different servers and name the same pgBackRest stanza main"));
    }

    static Stream<MistakenPlan> servers() {
        String orders = "databases:\n  orders:\n    url: \"postgresql://a@b/c\"\n";
        return Stream.of(
                inShop(
                        "a server without its data directory",
                        orders + "    ‸server: {user: postgres}\n",
                        "'server' of database 'orders' of service 'shop' has no 'data'|Add data: /var/lib/postgresql/15/main"),
                inShop(
                        "a data directory that cannot be renamed",
                        orders + "    server: {data: ‸/}\n",
                        "'/' cannot be swapped"),
                inShop(
                        "start without stop",
                        orders + "    server: {data: /pg/data, ‸start: [pg_ctlcluster, \"15\", main, start]}\n",
                        "says how to start it, but not how to stop it|Add stop: [pg_ctlcluster"),
                inShop(
                        "a command in one text",
                        orders + "    server: {data: /pg/data, start: ‸systemctl start pg, stop: [systemctl, stop, pg]}\n",
                        "'start' must be a list"),
                inShop(
                        "a command of no words",
                        orders + "    server: {data: /pg/data, start: ‸[], stop: [systemctl, stop, pg]}\n",
                        "'start' is an empty list"),
                inShop(
                        "no such owner",
                        orders + "    server: {data: /pg/data, user: ‸\"post gres\"}\n",
                        "'post gres' cannot be a system user"),
                inShop(
                        "an unknown key of a server",
                        orders + "    server: {data: /pg/data, ‸restart: []}\n",
                        "no key 'restart'|Known keys: data, log, start, stop, user"),
                inShop(
                        "a server told at another database",
                        orders + "  stock:\n    url: \"postgresql://a@b/d\"\n    ‸server: {data: /pg/data}\n",
                        "Where b:5432 lives is told at its first database, 'orders', not 'stock'|Move it to 'orders'"),
                inShop(
                        "files inside a data directory",
                        orders + "    server: {data: /pg/data}\nfiles:\n  ‸own: {path: /pg/data/base}\n",
                        "overlap in /pg/data/base"));
    }

    static Stream<MistakenPlan> schedules() {
        return Stream.of(
                schedule("0 2 * * *", "5 fields|seconds are missing|0 0 2 * * *"),
                schedule("@daily", "1 field|six fields"),
                schedule("0 0 0 2 * * *", "7 fields"),
                schedule("60 0 2 * * *", "second cannot be '60'|0 to 59"),
                schedule("0 60 2 * * *", "minute"),
                schedule("0 0 24 * * *", "hour cannot be '24'|0 to 23"),
                schedule("0 0 2 0 * *", "day of month|1 to 31"),
                schedule("0 0 2 * 13 *", "month|1 to 12 or JAN to DEC"),
                schedule("0 0 2 * * MOM", "day of week cannot be 'MOM'|SUN to SAT"),
                schedule("0 0 2 * * 8", "day of week"),
                schedule("0 0 22-2 * * *", "backwards, from 22 to 2"),
                schedule("0 */0 * * * *", "steps of 0"),
                schedule("0 0 2 1,,2 * *", "day of month cannot be ''"),
                schedule("0 0 2 30 2 *", "never comes: no such month has a day 30"),
                schedule("0 0 2 31 4,6 *", "never comes"),
                schedule("0 0 2 ? * ?", "never comes: both days"),
                schedule("0 0 2 15W * SUN", "uses L, W or #"));
    }

    private static MistakenPlan schedule(String cron, String words) {
        return inShop(
                "schedule " + cron,
                "files: {a: {path: /a}}\nbackups: [{kind: files, schedule: ‸\"" + cron + "\"}]",
                words);
    }

    static Stream<MistakenPlan> checks() {
        String one = "databases: {o: {url: \"postgresql://a@b/c\"}}\n";
        String two = "databases: {o: {url: \"postgresql://a@b/c\"}, p: {url: \"postgresql://a@b/d\"}}\n";
        String none = "files: {a: {path: /a}}\n";
        return Stream.of(
                inShop("of no kind", one + "checks: [‸{name: a}]", "none of sql, http and command|exactly one"),
                inShop(
                        "of two kinds",
                        one + "checks: [‸{name: a, sql: select true, http: \"http://a\"}]",
                        "A check has sql and http|exactly one"),
                inShop("no name", one + "checks: [‸{sql: select true}]", "An sql check has no 'name'"),
                inShop(
                        "same name",
                        one + "checks:\n  - {name: a, sql: select true}\n  - {name: ‸a, command: [x]}",
                        "Two checks alike: 'a'|line 5"),
                inShop(
                        "unknown database",
                        one + "checks: [{name: a, sql: select true, database: ‸oo}]",
                        "no database 'oo' in service 'shop'|Did you mean 'o'?"),
                inShop(
                        "which database",
                        two + "checks: [‸{name: a, sql: select true}]",
                        "does not say which database|one of o, p"),
                inShop("no database", none + "checks: [‸{name: a, sql: select true}]", "has none|http or command"),
                inShop(
                        "a key of another kind",
                        one + "checks: [{name: a, sql: select true, ‸expect: 200}]",
                        "An sql check has no key 'expect'"),
                inShop(
                        "no web address",
                        none + "checks: [{name: a, http: ‸\"127.0.0.1:8080/health\"}]",
                        "'http' is not a web address|http://"),
                inShop(
                        "password in the address",
                        none + "checks: [{name: a, http: ‸\"http://a:secret@b/\"}]",
                        "holds a user name or password|no secrets"),
                inShop(
                        "status",
                        none + "checks: [{name: a, http: \"http://b\", expect: ‸ok, timeout: ‸5}]",
                        "'expect'|100 to 599",
                        "'timeout' is not a duration"),
                inShop(
                        "command line",
                        none + "checks: [{name: a, command: ‸test -d /a}]",
                        "'command' must be a list|one by one"),
                inShop("empty command", none + "checks: [{name: a, command: ‸[]}]", "names no program"));
    }

    static Stream<MistakenPlan> services() {
        return Stream.of(
                of("no services", "‸stores: {local: {path: /b}}\n", "The plan has no 'services'|Add services:"),
                of(
                        "empty services",
                        "services: ‸{}\nstores: {local: {path: /b}}\n",
                        "'services' is empty|at least one"),
                of(
                        "nothing merged in",
                        "services: ‸{<<: {}}\nstores: {local: {path: /b}}\n",
                        "'services' is empty|at least one"),
                of(
                        "empty service",
                        "services: {‸shop: {}}\nstores: {local: {path: /b}}\n",
                        "Service 'shop' has neither a database nor a file set|databases: {orders:"),
                inShop(
                        "no url",
                        "databases: {‸orders: {}}",
                        "Database 'orders' of service 'shop' has no 'url'|Add url: \"postgresql://"),
                inShop("no path", "files: {‸a: {}}", "File set 'a' of service 'shop' has no 'path'"),
                of("a mistake in an anchor is told once", """
                    services:
                      shop: {files: {a: {path: /a}}, approvals: &two {approvers: ‸none}}
                      desk: {files: {a: {path: /b}}, approvals: *two}
                    stores: {local: {path: /c}}
                    """, "'approvers'"),
                of("a mistake brought in by a merge key", """
                    services:
                      shop: {files: {a: {path: /a}}, objectives: &usual {rpo: 1h, ‸rtoo: 1h}}
                      desk: {files: {a: {path: /b}}, objectives: {<<: *usual, rpo: 2h}}
                    stores: {local: {path: /c}}
                    """, "no key 'rtoo'|Did you mean"));
    }

    static Stream<MistakenPlan> stores() {
        return Stream.of(
                of(
                        "no stores",
                        "‸services: {shop: {files: {a: {path: /a}}}}\n",
                        "The plan has no 'stores'|Add stores:"),
                afterServices("empty stores", "stores: ‸{}\n", "'stores' is empty|at least one"),
                afterServices("neither", "stores: {‸a: {}}\n", "neither path nor s3"),
                afterServices("both", "stores: {‸a: {path: /a, s3: {bucket: abc}}}\n", "a path and a s3|Make 2 stores"),
                afterServices(
                        "locks nobody can keep",
                        "stores:\n  a: {path: /a, ‸lock: 7d}\n  b: {gcs: {bucket: abc, credentialsFile: secrets/orders}, ‸lock: 7d}\n",
                        "A folder cannot lock|s3 store",
                        "through Google's|retention policy"),
                afterServices(
                        "lock mode and time",
                        "stores: {a: {s3: {bucket: abc}, lock: {for: ‸long, mode: ‸strict}}}\n",
                        "'for' is not a duration",
                        "'mode' cannot be 'strict'|compliance"),
                afterServices("lock without a time", "stores: {a: {s3: {bucket: abc}, ‸lock: {mode: governance}}}\n", "Lock has no 'for'"),
                afterServices("server's encryption", "stores: {a: {s3: {bucket: abc, sse: ‸aes}}}\n", "'sse' cannot be 'aes'|AES256"),
                afterServices(
                        "server's key without its encryption",
                        "stores: {a: {s3: {bucket: abc, sse: AES256, ‸sseKeyId: k}}}\n",
                        "a key that is not used|aws:kms"),
                afterServices("gcs without keys", "stores: {a: {‸gcs: {bucket: abc}}}\n", "Gcs has no 'credentialsFile'"),
                afterServices("no bucket", "stores: {a: {‸s3: {}}}\n", "S3 has no 'bucket'"),
                afterServices(
                        "bucket with a folder",
                        "stores: {a: {s3: {bucket: ‸abc/d}}}\n",
                        "'bucket' cannot be 'abc/d'|prefix"),
                afterServices(
                        "prefix",
                        "stores: {a: {s3: {bucket: abc, prefix: ‸/p/}}}\n",
                        "'prefix' cannot be '/p/'|without one at either end"),
                afterServices("prefix that climbs", "stores: {a: {s3: {bucket: abc, prefix: ‸p/../q}}}\n", "'prefix'"),
                afterServices(
                        "endpoint",
                        "stores: {a: {s3: {bucket: abc, endpoint: ‸s3.example.org}}}\n",
                        "'endpoint' is not a web address"),
                afterServices("path is a file", "stores: {a: {path: ‸secrets/orders}}\n", "is not a folder"));
    }

    static Stream<MistakenPlan> elsewhere() {
        return Stream.of(
                afterStores("encryption without key", "‸encryption: {}\n", "neither 'keyFile' nor 'kms'"),
                afterStores("kms without key", "encryption: {‸kms: {region: eu-central-1}}\n", "Kms has no 'keyId'|alias/"),
                afterStores("notify is a map", "notify: ‸{slack: secrets/slack-url}\n", "'notify' must be a list"),
                afterStores("notify without target", "notify: [‸{}]\n", "A notify target has no 'slack'"),
                afterStores("two in one notify target", "notify: [‸{slack: secrets/slack-url, pagerduty: secrets/slack-url}]\n", "slack and pagerduty|Make 2"),
                afterStores("a webhook without its secret", "notify: [‸{webhook: secrets/slack-url}]\n", "no 'secretFile'"),
                afterStores("a secret of no webhook", "notify: [{slack: secrets/slack-url, ‸secretFile: secrets/state}]\n", "'secretFile' goes with 'webhook'"),
                afterStores("the console's address", "console: {address: ‸firedrill}\n", "'address' is not a web address"),
                afterStores("half an engine", "‸engine: {grpc: \"http://z:26500\"}\n", "The engine has no 'rest'"),
                afterStores(
                        "engine's scheme",
                        "engine: {grpc: ‸\"grpc://z:26500\", rest: \"http://z:8080\"}\n",
                        "'grpc' is not a web address"),
                afterStores(
                        "two engines",
                        "‸engine: {rest: \"http://z:8080\", saas: {clusterId: i, region: r, clientId: c,"
                                + " clientSecretFile: secrets/camunda}}\n",
                        "both saas and an address"),
                afterStores(
                        "half a SaaS engine",
                        "engine: {‸‸saas: {clusterId: i, region: r}}\n",
                        "Saas has no 'clientId'",
                        "Saas has no 'clientSecretFile'"),
                afterStores("audit's times", "audit: {anchorEvery: ‸often}\n", "not a duration: 'often'"),
                afterStores("an alert rule of an unknown service", "alerts: [{match: {a: b}, service: ‸shpo}]\n", "no service 'shpo'|Use one of: shop"),
                afterStores("an alert rule's cause", "alerts: [{match: {a: b}, service: shop, cause: ‸gremlins}]\n", "no cause 'gremlins'|hardware"),
                afterStores("an alert rule's expression", "alerts: [{match: {a: ‸\"~(\"}, service: shop}]\n", "'(' is no regular expression"),
                afterStores("an alert rule for everything", "alerts: [{match: ‸{}, service: shop}]\n", "'match' is empty"),
                afterStores("an alert rule without service", "alerts: [‸{match: {a: b}}]\n", "has no 'service'"),
                afterStores(
                        "state without url",
                        "‸state: {passwordFile: secrets/state}\n",
                        "The state database has no 'url'"));
    }
}
