package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code oidc} of the console. */
final class OidcReader {
    static final Keys KEYS = Keys.of("issuer", "clientId", "clientSecretFile", "nameClaim", "rolesClaim", "roles");
    private static final String ROLES_EXAMPLE = "roles: {sre: [operator], leads: [operator, approver]}";
    private static final String EXAMPLE =
            "oidc: {issuer: \"https://login.example.org/realms/ops\", clientId: firedrill, clientSecretFile: secrets/oidc, %s}".formatted(ROLES_EXAMPLE);
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private OidcReader() {}

    static Optional<OidcPlan> read(Value value) {
        Section section = Section.open(value, "oidc", KEYS, EXAMPLE);
        Optional<URI> issuer = section.required("issuer", "https://login.example.org/realms/ops").flatMap(OidcReader::issuer);
        Optional<String> client = section.required("clientId", "firedrill").flatMap(Value::text);
        Optional<Path> secret = section.required("clientSecretFile", "secrets/oidc, a file that holds the client's secret")
                .flatMap(PlanFiles::existing);
        String name = section.optional("nameClaim").flatMap(Value::text).orElse("preferred_username");
        String groups = section.optional("rolesClaim").flatMap(Value::text).orElse("groups");
        Map<String, List<String>> roles = section.required("roles", "{sre: [operator], leads: [operator, approver]}")
                .map(OidcReader::roles)
                .orElse(Map.of());
        return issuer.flatMap(url -> client.flatMap(id -> secret.map(file -> new OidcPlan(url, id, file, name, groups, roles))));
    }

    private static Optional<URI> issuer(Value value) {
        return WebAddress.read(value, "https://login.example.org/realms/ops").filter(uri -> {
            boolean sealed = uri.getScheme().equals("https") || LOOPBACK.contains(uri.getHost());
            if (!sealed) {
                value.mistake("'issuer' is not https: whoever is on the way could sign in as anybody.", "Write its https:// address.");
            }
            return sealed;
        });
    }

    private static Map<String, List<String>> roles(Value value) {
        Map<String, List<String>> roles = new LinkedHashMap<>();
        if (value.isEmptyMap()) {
            value.mistake("'roles' is empty: nobody could sign in.", "Write at least one: %s".formatted(ROLES_EXAMPLE));
        }
        value.entries(ROLES_EXAMPLE).forEach(entry -> roles.put(entry.title(), words(entry)));
        return roles;
    }

    private static List<String> words(Value entry) {
        List<String> words = new ArrayList<>();
        List<Value> items = entry.items("%s: [operator]".formatted(entry.title()));
        if (entry.isList() && items.isEmpty()) {
            entry.mistake("'%s' names no role.".formatted(entry.title()), "Write at least one of: %s.".formatted(String.join(", ", OidcPlan.ROLES)));
        }
        for (Value item : items) {
            item.text().ifPresent(word -> {
                if (!OidcPlan.ROLES.contains(word)) {
                    item.mistake("There is no role '%s'.".formatted(word), Keys.advice(word, OidcPlan.ROLES, "Roles"));
                }
                words.add(word);
            });
        }
        return words;
    }
}
