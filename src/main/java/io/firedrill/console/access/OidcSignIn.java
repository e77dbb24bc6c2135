package io.firedrill.console.access;

import io.firedrill.failure.FailureException;
import io.firedrill.plan.OidcPlan;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.converter.FormHttpMessageConverter;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.endpoint.RestClientAuthorizationCodeTokenResponseClient;
import org.springframework.security.oauth2.client.http.OAuth2ErrorResponseErrorHandler;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenDecoderFactory;
import org.springframework.security.oauth2.client.oidc.authentication.OidcIdTokenValidator;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.client.web.OAuth2AuthorizedClientRepository;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.http.converter.OAuth2AccessTokenResponseHttpMessageConverter;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.web.client.RestClient;

/**
 * Sign-in by OpenID Connect, authorization code flow with PKCE, where the plan names a provider; nothing where it does not. Only
 * a name and roles outlast it: the provider's tokens are not kept.
 */
public final class OidcSignIn {
    static final String WHAT = "sign-in";
    private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);

    private final @Nullable Issuer issuer;
    private final Accounts accounts;
    private final Recorder recorder;

    OidcSignIn(@Nullable Issuer issuer, Accounts accounts, Recorder recorder) {
        this.issuer = issuer;
        this.accounts = accounts;
        this.recorder = recorder;
    }

    /** Whose people may come in; empty when the plan names no provider. */
    public Optional<OidcPlan> plan() {
        return Optional.ofNullable(issuer).map(Issuer::plan);
    }

    /**
     * Where to send somebody who wants to sign in by it.
     *
     * @return a path of this server, which goes on to the provider when that can be reached, else back to the sign-in
     */
    public String begin() {
        if (issuer == null) {
            return "/sign-in";
        }
        try {
            issuer.registration();
            return "/oauth2/authorization/" + Issuer.ID;
        } catch (FailureException e) {
            LOG.warn("{}", e.failure().what());
            recorder.denied("somebody", WHAT, e.failure().what());
            return "/sign-in?problem=issuer";
        }
    }

    void configure(HttpSecurity http) {
        if (issuer != null) {
            http.oauth2Login(login -> login.loginPage("/sign-in")
                    .clientRegistrationRepository(issuer)
                    .authorizedClientRepository(new Forgetful())
                    .tokenEndpoint(token -> token.accessTokenResponseClient(tokens()))
                    .userInfoEndpoint(people -> people.oidcUserService(new OidcPeople(issuer.plan(), accounts, recorder)))
                    .failureHandler(this::refused));
        }
    }

    private static RestClientAuthorizationCodeTokenResponseClient tokens() {
        RestClientAuthorizationCodeTokenResponseClient tokens = new RestClientAuthorizationCodeTokenResponseClient();
        tokens.setRestClient(RestClient.builder()
                .requestFactory(Issuer.requests())
                .configureMessageConverters(converters -> converters
                        .addCustomConverter(new FormHttpMessageConverter())
                        .addCustomConverter(new OAuth2AccessTokenResponseHttpMessageConverter()))
                .defaultStatusHandler(new OAuth2ErrorResponseErrorHandler())
                .build());
        return tokens;
    }

    /** As the library's own, with a deadline and for each of the usual signatures. */
    static JwtDecoder idTokens(ClientRegistration registration) {
        NimbusJwtDecoder decoder = NimbusJwtDecoder.withJwkSetUri(registration.getProviderDetails().getJwkSetUri())
                .restOperations(Issuer.http())
                .jwsAlgorithms(all -> all.addAll(Set.of(SignatureAlgorithm.RS256, SignatureAlgorithm.PS256, SignatureAlgorithm.ES256)))
                .build();
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(new JwtTimestampValidator(), new OidcIdTokenValidator(registration)));
        decoder.setClaimSetConverter(OidcIdTokenDecoderFactory.createDefaultClaimTypeConverter());
        return decoder;
    }

    /** What went wrong in words of our own: the provider's may say anything. */
    private void refused(HttpServletRequest request, HttpServletResponse response, AuthenticationException problem) throws IOException {
        String code = problem instanceof OAuth2AuthenticationException known ? known.getError().getErrorCode() : "";
        String word = switch (code) {
            case OidcPeople.NAMELESS, OidcPeople.NO_ROLE, OidcPeople.SHUT_OUT -> code;
            case "authorization_request_not_found", "invalid_state_parameter" -> "stale";
            case "access_denied" -> "cancelled";
            default -> "issuer";
        };
        if (!word.equals(code)) {
            LOG.warn("a sign-in by OpenID Connect failed: {}", code.isEmpty() ? problem.getClass().getSimpleName() : code.replaceAll("[^a-z0-9_-]", "?"));
            recorder.denied("somebody", WHAT, "by OpenID Connect: " + word);
        }
        response.sendRedirect(request.getContextPath() + "/sign-in?problem=" + word);
    }

    /** Nothing is asked of the provider in people's names, so their tokens are dropped. */
    private static final class Forgetful implements OAuth2AuthorizedClientRepository {
        @Override
        public <T extends OAuth2AuthorizedClient> @Nullable T loadAuthorizedClient(String id, Authentication who, HttpServletRequest request) {
            return null;
        }

        @Override
        public void saveAuthorizedClient(
                OAuth2AuthorizedClient client, Authentication who, HttpServletRequest request, HttpServletResponse response) {
            // Dropped.
        }

        @Override
        public void removeAuthorizedClient(String id, Authentication who, HttpServletRequest request, HttpServletResponse response) {
            // There is none.
        }
    }
}
