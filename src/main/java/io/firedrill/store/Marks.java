package io.firedrill.store;

import io.firedrill.failure.FailureException;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What was said of a backup after it was written: small write-once objects {@code WORD.MOMENT.json} beside the manifest.
 * Of words that contradict one another the one with the newest moment holds.
 *
 * <p>INVARIANT: what is said later has the later moment, even when the clock was set back in between: a moment is never
 * before that of a mark which is there already. So a backup found bad stays bad, and one that is held stays held.
 */
final class Marks {
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Pattern NAME = Pattern.compile(".*/([a-z]+)\\.(\\d{8}T\\d{6}\\.\\d{3}Z)\\.json");

    /** Of one moment, the later in this list holds: the cautious one. */
    private final List<String> words;

    Marks(List<String> words) {
        this.words = List.copyOf(words);
    }

    record Mark(String key, String word, Instant moment) {}

    /** Saying the same at the same moment again changes nothing. */
    void write(Store store, Manifest manifest, String word, Instant at, Object body) {
        Instant exact = at.truncatedTo(ChronoUnit.MILLIS);
        Optional<Mark> last = newest(keys(store, manifest));
        if (last.filter(mark -> mark.word().equals(word) && mark.moment().equals(exact)).isPresent()) {
            return;
        }
        Instant moment = last.map(mark -> mark.moment().plusMillis(1)).filter(exact::isBefore).orElse(exact);
        String key = Keyspace.prefix(manifest.service(), manifest.id()) + word + "." + STAMP.format(moment) + ".json";
        try (ObjectSink sink = store.create(key)) {
            sink.write(MAPPER.writeValueAsBytes(body));
            sink.commit();
        } catch (IOException e) {
            throw new IllegalStateException("sinks tell their failures by themselves", e);
        } catch (FailureException e) {
            // Somebody else said the same at the same moment.
            if (!e.failure().code().equals("object-exists")) {
                throw e;
            }
        }
    }

    Optional<Mark> newest(List<String> keys) {
        return keys.stream()
                .flatMap(this::mark)
                .max(Comparator.comparing(Mark::moment).thenComparing(mark -> words.indexOf(mark.word())));
    }

    private Stream<Mark> mark(String key) {
        Matcher name = NAME.matcher(key);
        try {
            return name.matches() && words.contains(name.group(1))
                    ? Stream.of(new Mark(key, name.group(1), STAMP.parse(name.group(2), Instant::from)))
                    : Stream.empty();
        } catch (DateTimeException e) {
            return Stream.empty();
        }
    }

    static List<String> keys(Store store, Manifest manifest) {
        return store.list(Keyspace.prefix(manifest.service(), manifest.id())).stream()
                .map(Store.StoredObject::key)
                .toList();
    }

    /** An empty object when it is unreadable: its name alone says what holds. */
    static JsonNode body(Store store, Mark mark) {
        try (InputStream in = store.open(mark.key())) {
            return MAPPER.readTree(in.readAllBytes());
        } catch (IOException | JacksonException e) {
            return JsonNodeFactory.instance.objectNode();
        }
    }

    /** When it was said, by the clock of who said it. */
    static Instant at(JsonNode body, Mark mark) {
        try {
            return Instant.parse(body.path("at").asString(""));
        } catch (DateTimeException e) {
            return mark.moment();
        }
    }
}
