package io.firedrill.console.access;

import io.firedrill.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.DefaultCsrfToken;
import org.springframework.security.web.savedrequest.SavedRequest;
import org.springframework.security.web.savedrequest.SimpleSavedRequest;
import org.springframework.web.servlet.FlashMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a session holds, as small JSON of our own instead of serialised classes: {@code {"kind": …}} and plain values. So
 * servers of neighbouring versions read each other's sessions during a rolling upgrade, and no class is ever made from
 * what lies in the database. What cannot be read is as good as not there: at worst somebody signs in again.
 */
final class SessionAttributes {
    private static final Logger LOG = LoggerFactory.getLogger(SessionAttributes.class);
    private static final JsonMapper JSON = new JsonMapper();

    private SessionAttributes() {}

    /** @throws IllegalArgumentException for what no session may hold */
    static byte[] write(Object value) {
        return JSON.writeValueAsString(plain(value)).getBytes(StandardCharsets.UTF_8);
    }

    static @Nullable Object read(byte[] stored) {
        try {
            return value(JSON.readTree(new String(stored, StandardCharsets.UTF_8)));
        } catch (JacksonException | IllegalArgumentException e) {
            LOG.info("an attribute of a session could not be read and is left out: {}", e.getMessage());
            return null;
        }
    }

    private static Map<String, Object> plain(Object value) {
        return switch (value) {
            case SecurityContext context -> SignedIn.of(context).plain();
            case CsrfToken token -> Map.of(
                    "kind", "form-token", "header", token.getHeaderName(), "parameter", token.getParameterName(),
                    "token", token.getToken());
            case OAuth2AuthorizationRequest request -> wanted(request);
            case SavedRequest request -> Map.of("kind", "wanted", "url", request.getRedirectUrl());
            case List<?> list when list.stream().allMatch(FlashMap.class::isInstance) -> Map.of(
                    "kind", "flash", "maps", list.stream().map(map -> flash((FlashMap) map)).toList());
            case String text -> Map.of("kind", "text", "text", text);
            default -> throw new IllegalArgumentException("A session cannot hold " + value.getClass().getName());
        };
    }

    private static @Nullable Object value(JsonNode stored) {
        return switch (stored.path("kind").stringValue("")) {
            case "signed-in" -> SignedIn.of(stored).context();
            case "form-token" -> new DefaultCsrfToken(text(stored, "header"), text(stored, "parameter"), text(stored, "token"));
            case "oidc-request" -> oidcRequest(stored);
            case "wanted" -> new SimpleSavedRequest(text(stored, "url"));
            case "flash" -> {
                List<FlashMap> maps = new ArrayList<>();
                stored.path("maps").forEach(map -> maps.add(flash(map)));
                yield maps;
            }
            case "text" -> text(stored, "text");
            default -> null;
        };
    }

    static String text(JsonNode node, String field) {
        String text = node.path(field).stringValue(null);
        if (text == null) {
            throw new IllegalArgumentException("no " + field);
        }
        return text;
    }

    // What the answer of an OpenID Connect provider is held against.

    private static Map<String, Object> wanted(OAuth2AuthorizationRequest request) {
        return Map.of(
                "kind", "oidc-request",
                "at", request.getAuthorizationUri(),
                "client", request.getClientId(),
                "back", String.valueOf(request.getRedirectUri()),
                "scopes", List.copyOf(request.getScopes()),
                "state", String.valueOf(request.getState()),
                "parameters", request.getAdditionalParameters(),
                "attributes", request.getAttributes(),
                "url", request.getAuthorizationRequestUri());
    }

    private static OAuth2AuthorizationRequest oidcRequest(JsonNode stored) {
        Set<String> scopes = new LinkedHashSet<>();
        stored.path("scopes").forEach(scope -> scopes.add(scope.stringValue("")));
        return OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(text(stored, "at"))
                .clientId(text(stored, "client"))
                .redirectUri(text(stored, "back"))
                .scopes(scopes)
                .state(text(stored, "state"))
                .additionalParameters(texts(stored.path("parameters")))
                .attributes(texts(stored.path("attributes")))
                .authorizationRequestUri(text(stored, "url"))
                .build();
    }

    private static Map<String, Object> texts(JsonNode stored) {
        Map<String, Object> texts = new LinkedHashMap<>();
        stored.forEachEntry((name, value) -> texts.put(name, value.stringValue("")));
        return texts;
    }

    // What one page tells the next.

    private static Map<String, Object> flash(FlashMap map) {
        Map<String, Object> values = new LinkedHashMap<>();
        map.forEach((name, value) -> values.put(name, value instanceof Failure failure ? told(failure) : value));
        Map<String, Object> plain = new LinkedHashMap<>();
        plain.put("path", Objects.requireNonNullElse(map.getTargetRequestPath(), ""));
        plain.put("parameters", map.getTargetRequestParams());
        plain.put("until", map.getExpirationTime());
        plain.put("values", values);
        return plain;
    }

    private static Map<String, Object> told(Failure failure) {
        return Map.of("failure", Map.of(
                "code", failure.code(), "what", failure.what(), "meaning", failure.meaning(), "next", failure.next()));
    }

    private static FlashMap flash(JsonNode stored) {
        FlashMap map = new FlashMap();
        String path = text(stored, "path");
        map.setTargetRequestPath(path.isEmpty() ? null : path);
        stored.path("parameters").forEachEntry((name, values) ->
                values.forEach(value -> map.addTargetRequestParam(name, value.stringValue(""))));
        map.setExpirationTime(stored.path("until").longValue(0));
        stored.path("values").forEachEntry((name, value) -> map.put(name, told(value)));
        return map;
    }

    private static Object told(JsonNode value) {
        JsonNode failure = value.path("failure");
        return failure.isObject() && failure.has("meaning")
                ? new Failure(text(failure, "code"), text(failure, "what"), text(failure, "meaning"), text(failure, "next"))
                : JSON.treeToValue(value, Object.class);
    }
}
