package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import io.firedrill.failure.FailureException;
import io.firedrill.plan.OidcPlan;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.registration.ClientRegistration.ClientSettings;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.client.registration.ClientRegistrations;
import org.springframework.web.client.RestOperations;
import org.springframework.web.client.RestTemplate;

/**
 * The plan's OpenID Connect provider, asked for its metadata when somebody first signs in by it, not at the start: Firedrill must
 * start while it is away. What it answered is kept; that it did not answer is not.
 */
final class Issuer implements ClientRegistrationRepository {
    static final String ID = "oidc";
    private static final Duration DEADLINE = Duration.ofSeconds(10);

    private final OidcPlan plan;
    private final URI console;
    private volatile @Nullable ClientRegistration known;

    /** @param console where people open the pages; what a request says about its host is not trusted with this */
    Issuer(OidcPlan plan, URI console) {
        this.plan = plan;
        this.console = console;
    }

    OidcPlan plan() {
        return plan;
    }

    /** With a deadline, as whoever signs in waits. */
    static RestOperations http() {
        return new RestTemplate(requests());
    }

    static SimpleClientHttpRequestFactory requests() {
        SimpleClientHttpRequestFactory requests = new SimpleClientHttpRequestFactory();
        requests.setConnectTimeout(DEADLINE);
        requests.setReadTimeout(DEADLINE);
        return requests;
    }

    /** For the library, which takes what it cannot get for a sign-in that failed. */
    @Override
    public @Nullable ClientRegistration findByRegistrationId(String id) {
        try {
            return id.equals(ID) ? registration() : null;
        } catch (FailureException e) {
            throw new InternalAuthenticationServiceException(e.failure().code(), e);
        }
    }

    /** @throws FailureException {@code issuer-away}, passing */
    ClientRegistration registration() {
        ClientRegistration registration = known;
        if (registration == null) {
            registration = discovered();
            known = registration;
        }
        return registration;
    }

    private ClientRegistration discovered() {
        try {
            Map<String, Object> metadata = http().exchange(metadata(), HttpMethod.GET, null, new ParameterizedTypeReference<Map<String, Object>>() {}).getBody();
            if (metadata == null || !plan.issuer().toString().equals(metadata.get("issuer"))) {
                throw away("it does not call itself by the issuer of the plan (OpenID Connect Discovery 1.0, 4.3)", null);
            }
            return ClientRegistrations.fromOidcConfiguration(metadata)
                    .registrationId(ID)
                    .clientId(plan.clientId())
                    .clientSecret(Files.readString(plan.clientSecretFile()).strip())
                    .scope("openid", "profile", "email")
                    .redirectUri(console.toString().replaceAll("/+$", "") + "/login/oauth2/code/" + ID)
                    .userNameAttributeName("sub")
                    .clientSettings(ClientSettings.builder().requireProofKey(true).build())
                    .build();
        } catch (FailureException e) {
            throw e;
        } catch (RuntimeException | IOException e) {
            // What the metadata lacks the library tells by whatever exception it meets first.
            throw away(String.valueOf(NestedExceptionUtils.getMostSpecificCause(e)), e);
        }
    }

    private URI metadata() {
        return URI.create(plan.issuer().toString().replaceAll("/+$", "") + "/.well-known/openid-configuration");
    }

    private RuntimeException away(String why, @Nullable Exception e) {
        Failure failure = new Failure(
                "issuer-away",
                "%s, which vouches for people, did not give its metadata: %s.".formatted(plan.issuer(), why),
                "Nobody can sign in by it. Whoever is signed in stays so.",
                "Sign in with an account of Firedrill's own, or try again.");
        return e == null ? failure.passing() : failure.passing(e);
    }
}
