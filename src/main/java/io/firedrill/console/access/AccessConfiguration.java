package io.firedrill.console.access;

import io.firedrill.audit.AuditTrail;
import io.firedrill.engine.Home;
import io.firedrill.plan.ConsolePlan;
import io.firedrill.plan.RecoveryPlan;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpMethod;
import org.springframework.security.authentication.InternalAuthenticationServiceException;
import org.springframework.security.authentication.LockedException;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity;
import org.springframework.security.config.annotation.web.configurers.AuthorizeHttpRequestsConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.client.registration.ClientRegistration;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.authentication.AuthenticationFailureHandler;
import org.springframework.security.web.authentication.UsernamePasswordAuthenticationFilter;
import org.springframework.security.web.header.writers.CrossOriginOpenerPolicyHeaderWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.header.writers.CrossOriginResourcePolicyHeaderWriter.CrossOriginResourcePolicy;
import org.springframework.security.web.header.writers.ReferrerPolicyHeaderWriter.ReferrerPolicy;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.security.web.savedrequest.RequestCache;
import org.springframework.session.config.annotation.web.http.EnableSpringHttpSession;
import tools.jackson.databind.json.JsonMapper;

/** Who gets in, and what each role may ask for: the one table that pages and API share. What is not in it is refused. */
@Configuration(proxyBeanMethods = false)
@EnableWebSecurity
@EnableSpringHttpSession
class AccessConfiguration {
    /** Nothing inline, nothing from elsewhere. The diagram's font is a data URL in its makers' style sheet. */
    private static final String CONTENT = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
            + "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static final String PERMISSIONS = "camera=(), microphone=(), geolocation=(), payment=(), usb=()";

    // OWASP's minimum for argon2id: 19 MiB, two passes, one lane.
    private static final int SALT_BYTES = 16;
    private static final int HASH_BYTES = 32;
    private static final int LANES = 1;
    private static final int MEMORY_KIB = 19_456;
    private static final int PASSES = 2;

    @Bean
    PasswordEncoder passwordEncoder() {
        return new Argon2PasswordEncoder(SALT_BYTES, HASH_BYTES, LANES, MEMORY_KIB, PASSES);
    }

    @Bean
    Accounts accounts(DataSource stateDatabase, PasswordEncoder passwords, Clock clock) {
        return new Accounts(stateDatabase, passwords, clock);
    }

    @Bean
    ApiTokens apiTokens(DataSource stateDatabase, Clock clock) {
        return new ApiTokens(stateDatabase, clock);
    }

    @Bean
    AuditTrail auditTrail(DataSource stateDatabase, Home home, Clock clock) {
        return new AuditTrail(stateDatabase, home.audit(), clock);
    }

    @Bean
    Recorder recorder(AuditTrail trail, Clock clock) {
        return new Recorder(trail, clock);
    }

    @Bean
    SharedAttempts attempts(DataSource stateDatabase, Clock clock) {
        return new SharedAttempts(stateDatabase, clock);
    }

    @Bean
    Sessions sessions(DataSource stateDatabase, @Value("${server.servlet.session.timeout}") Duration life) {
        return new Sessions(stateDatabase, life);
    }

    @Bean
    AccessCleaning accessCleaning(Sessions sessions, SharedAttempts attempts) {
        return new AccessCleaning(List.of(sessions::removeExpired, attempts::removeExpired));
    }

    @Bean
    FirstSignIn firstSignIn(Home home, Accounts accounts) {
        return new FirstSignIn(home, accounts);
    }

    @Bean
    People people(Accounts accounts, ApiTokens tokens, Sessions sessions, FirstSignIn first, Attempts attempts) {
        return new People(accounts, tokens, sessions, first, attempts);
    }

    @Bean
    Refusals refusals(JsonMapper json, Recorder recorder) {
        return new Refusals(json, recorder);
    }

    @Bean
    ServerToken serverToken(Home home) {
        return ServerToken.of(home);
    }

    @Bean
    BearerTokens bearerTokens(ServerToken serverToken, ApiTokens tokens, Attempts attempts, Recorder recorder, Refusals refusals) {
        return new BearerTokens(serverToken, tokens, attempts, recorder, refusals);
    }

    /** Only where the security chain has it. */
    @Bean
    FilterRegistrationBean<BearerTokens> bearerTokensElsewhere(BearerTokens filter) {
        FilterRegistrationBean<BearerTokens> registration = new FilterRegistrationBean<>(filter);
        registration.setEnabled(false);
        return registration;
    }

    @Bean
    OidcSignIn oidcSignIn(ObjectProvider<RecoveryPlan> plan, Accounts accounts, Recorder recorder) {
        ConsolePlan console = plan.stream().map(RecoveryPlan::console).findFirst().orElse(ConsolePlan.NONE);
        return new OidcSignIn(
                console.oidc().map(oidc -> new Issuer(oidc, console.address().orElseThrow())).orElse(null), accounts, recorder);
    }

    /** Found by the library by its type. */
    @Bean
    JwtDecoderFactory<ClientRegistration> idTokens() {
        return OidcSignIn::idTokens;
    }

    @Bean
    SecurityFilterChain access(
            HttpSecurity http,
            Accounts accounts,
            PasswordEncoder encoder,
            Attempts attempts,
            Recorder recorder,
            BearerTokens bearerTokens,
            Refusals refusals,
            DataSource stateDatabase,
            Clock clock,
            ServerToken serverToken,
            OidcSignIn oidc) {
        oidc.configure(http);
        return http.authorizeHttpRequests(AccessConfiguration::whoMayDoWhat)
                .authenticationProvider(new PasswordSignIn(accounts, encoder, attempts, recorder, serverToken))
                .formLogin(form -> form.loginPage("/sign-in")
                        .usernameParameter("name")
                        .passwordParameter("password")
                        .failureHandler(backToSignIn()))
                .logout(out -> out.logoutUrl("/sign-out")
                        .addLogoutHandler((request, response, who) -> {
                            if (who != null) {
                                recorder.done(who.getName(), "sign-out", "");
                            }
                        })
                        .logoutSuccessUrl("/sign-in?out"))
                .addFilterBefore(bearerTokens, UsernamePasswordAuthenticationFilter.class)
                .addFilterAfter(new Requests(recorder), AuthorizationFilter.class)
                .addFilterAfter(new IdempotentStarts(new IdempotencyKeys(stateDatabase, clock), refusals), Requests.class)
                .csrf(csrf -> csrf.ignoringRequestMatchers(BearerTokens::carriedBy))
                .requestCache(cache -> cache.requestCache(pagesOnly()))
                .sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.IF_REQUIRED)
                        .sessionFixation(fixation -> fixation.changeSessionId()))
                .exceptionHandling(refused -> refused.authenticationEntryPoint(refusals).accessDeniedHandler(refusals))
                .headers(AccessConfiguration::headers)
                .build();
    }

    private static void whoMayDoWhat(
            AuthorizeHttpRequestsConfigurer<HttpSecurity>.AuthorizationManagerRequestMatcherRegistry may) {
        may.dispatcherTypeMatchers(DispatcherType.ERROR, DispatcherType.FORWARD, DispatcherType.ASYNC)
                .permitAll()
                .requestMatchers("/sign-in", "/sign-in/oidc", "/welcome/*", "/assets/**", "/vendor/**", "/actuator/health/**")
                .permitAll()
                .requestMatchers("/api/people/**", "/api/tokens/**", "/people/**", "/api/backups/*/release", "/api/node/*")
                .hasRole(Role.ADMIN.name())
                .requestMatchers("/api/audit/**", "/audit/**")
                .hasRole(Role.AUDITOR.name())
                // Which of the two may decide a task is the task's own matter; see Decisions.
                .requestMatchers(HttpMethod.POST, "/api/tasks/*/*", "/tasks/*/*")
                .hasAnyRole(Role.OPERATOR.name(), Role.APPROVER.name())
                .requestMatchers("/services/*/recover", "/services/*/diagnosis", "/runs/*/cancel", "/runs/*/steps/*/skip", "/incidents/*/undo")
                .hasRole(Role.OPERATOR.name())
                .requestMatchers(HttpMethod.GET, "/**")
                .hasRole(Role.VIEWER.name())
                .requestMatchers(HttpMethod.HEAD, "/**")
                .hasRole(Role.VIEWER.name())
                .requestMatchers(HttpMethod.POST, "/**")
                .hasRole(Role.OPERATOR.name())
                .anyRequest()
                .denyAll();
    }

    private static void headers(HeadersConfigurer<HttpSecurity> headers) {
        headers.contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT))
                .referrerPolicy(policy -> policy.policy(ReferrerPolicy.NO_REFERRER))
                .permissionsPolicyHeader(policy -> policy.policy(PERMISSIONS))
                .crossOriginOpenerPolicy(policy -> policy.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .crossOriginResourcePolicy(policy -> policy.policy(CrossOriginResourcePolicy.SAME_ORIGIN))
                .frameOptions(HeadersConfigurer.FrameOptionsConfig::deny)
                .contentTypeOptions(Customizer.withDefaults());
    }

    /** After signing in people go on to the page they wanted, never to a stream or a picture of it. */
    private static RequestCache pagesOnly() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setMatchingRequestParameterName(null);
        cache.setRequestMatcher(request -> {
            String accept = request.getHeader("Accept");
            return request.getMethod().equals("GET")
                    && accept != null
                    && accept.contains("text/html")
                    && request.getHeader("X-Firedrill-Refresh") == null
                    && !Refusals.forPrograms(request);
        });
        return cache;
    }

    private static AuthenticationFailureHandler backToSignIn() {
        return (request, response, e) -> {
            String problem = switch (e) {
                case LockedException locked -> "locked";
                case InternalAuthenticationServiceException away -> "away";
                default -> "wrong";
            };
            response.sendRedirect(request.getContextPath() + "/sign-in?problem=" + problem);
        };
    }
}
