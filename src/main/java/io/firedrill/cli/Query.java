package io.firedrill.cli;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The query of a REST call; what was not given is left out. */
final class Query {
    private final List<String> parts = new ArrayList<>();

    Query with(String name, @Nullable String value) {
        if (value != null) {
            parts.add(name + "=" + encoded(value));
        }
        return this;
    }

    /** For a query or a path. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return parts.isEmpty() ? "" : "?" + String.join("&", parts);
    }
}
