package io.firedrill.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ApiTest {
    @Test
    void namesTravelAsPercentEncodedUtf8() {
        assertThat(Api.headerText("Jörg Żak 🚒")).isEqualTo("J%C3%B6rg%20%C5%BBak%20%F0%9F%9A%92");
        assertThat(Api.headerText("sre-on-call")).isEqualTo("sre-on-call");
        assertThat(Api.headerText("50% + more")).isEqualTo("50%25%20%2B%20more");
    }
}
