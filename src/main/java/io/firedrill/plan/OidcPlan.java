package io.firedrill.plan;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Who else vouches for people: an OpenID Connect provider.
 *
 * @param issuer whose metadata lies at {@code ISSUER/.well-known/openid-configuration} (OpenID Connect Discovery 1.0, 4)
 * @param nameClaim what people are called here
 * @param rolesClaim text or list of texts that {@code roles} speaks of
 * @param roles by a value of that claim: words of {@link #ROLES}, at least one each
 */
public record OidcPlan(
        URI issuer, String clientId, Path clientSecretFile, String nameClaim, String rolesClaim, Map<String, List<String>> roles) {
    /** What people may be, in the words of the plan and of the candidate groups. */
    public static final List<String> ROLES = List.of("viewer", "operator", "approver", "auditor", "admin");
}
