package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActorTest {
    @Test
    void theHeaderIsPercentEncodedUtf8() {
        assertThat(Actor.ofHeader("J%C3%B6rg%20%C5%BBak%20%F0%9F%9A%92", Set.of()).name()).isEqualTo("Jörg Żak 🚒");
    }

    @Test
    void whatNeedsNoEncodingMayStayAsItIs() {
        assertThat(Actor.ofHeader("sre-on-call", Set.of()).name()).isEqualTo("sre-on-call");
        assertThat(Actor.ofHeader("Ann Lee", Set.of()).name()).isEqualTo("Ann Lee");
        assertThat(Actor.ofHeader("ann+ops@example.org", Set.of()).name()).isEqualTo("ann+ops@example.org");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "  ", "%20", "50%", "%ZZ", "%C3", "%00ann", "ann%0Abob", "J\u00f6rg"})
    void nobodyAndWhatIsNotEncodedSoIsRefused(String header) {
        assertThatThrownBy(() -> Actor.ofHeader(header, Set.of())).hasMessageContaining("does not say who acts");
    }
}
