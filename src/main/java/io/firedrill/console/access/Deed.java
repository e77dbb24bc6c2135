package io.firedrill.console.access;

import io.firedrill.audit.Fact;
import io.firedrill.failure.Failure;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;

/** What the request under way turns out to be about, noted by whoever knows, for its entry in the audit trail. */
public final class Deed {
    private static final String ATTRIBUTE = Deed.class.getName();

    private final Map<Fact, String> facts = new EnumMap<>(Fact.class);
    private @Nullable String shown;
    private @Nullable Failure failure;

    private Deed() {}

    /** That of the request under way; outside of any, one that nobody records. */
    static Deed now() {
        RequestAttributes request = RequestContextHolder.getRequestAttributes();
        if (request == null) {
            return new Deed();
        }
        if (request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST) instanceof Deed deed) {
            return deed;
        }
        Deed deed = new Deed();
        request.setAttribute(ATTRIBUTE, deed, RequestAttributes.SCOPE_REQUEST);
        return deed;
    }

    public static void note(Fact fact, @Nullable Object value) {
        if (value != null) {
            now().facts.put(fact, value.toString());
        }
    }

    /** What whoever decides is shown. */
    public static void shows(String text) {
        now().shown = text;
    }

    /** How it ended, when not well. */
    public static void failed(Failure failure) {
        now().failure = failure;
    }

    Map<Fact, String> facts() {
        return facts;
    }

    @Nullable String shown() {
        return shown;
    }

    @Nullable Failure failure() {
        return failure;
    }
}
