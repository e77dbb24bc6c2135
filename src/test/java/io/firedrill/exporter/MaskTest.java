package io.firedrill.exporter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class MaskTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private final Mask mask = new Mask(List.of("*password*", "token"));

    @Test
    void aVariableOfThatNameIsHiddenWhole() {
        assertThat(mask.variable("dbPassword", "{\"a\": [1, 2]}")).isEqualTo("\"(masked)\"");
        assertThat(mask.variable("TOKEN", "1")).isEqualTo("\"(masked)\"");
        assertThat(mask.variable("tokens", "1")).isEqualTo("1");
    }

    @Test
    void propertiesAreHiddenAtAnyDepthWhateverTheirValue() {
        String json = "{\"a\":{\"token\":{\"x\":[\"}\",{}]},\"b\":1},\"password\" : -1.5e3 ,\"c\":[{\"Password2\":\"s\\\"x\"},true],\"token\":null}";
        assertThat(JSON.readValue(mask.record(json), Object.class))
                .isEqualTo(JSON.readValue(
                        "{\"a\":{\"token\":\"(masked)\",\"b\":1},\"password\":\"(masked)\",\"c\":[{\"Password2\":\"(masked)\"},true],\"token\":\"(masked)\"}",
                        Object.class));
    }

    @Test
    void aTextThatOnlyLooksLikeANameStays() {
        String json = "{\"a\":\"token\",\"b\":[\"password\",\"x\"],\"c\":\"\\\"token\\\":1\"}";
        assertThat(mask.record(json)).isEqualTo(json);
    }

    @Test
    void anEscapedNameIsStillFound() {
        assertThat(mask.record("{\"t\\u006Fken\":\"secret\"}")).doesNotContain("secret");
    }

    @Test
    void aVariablesRecordIsHiddenInsideItsText() {
        String record = "{\"valueType\":\"VARIABLE\",\"value\":{\"name\":\"%s\",\"value\":\"%s\",\"scopeKey\":1}}";
        assertThat(mask.variableRecord("token", record.formatted("token", "\\\"s3cr3t\\\""))).doesNotContain("s3cr3t");
        String nested = mask.variableRecord("deep", record.formatted("deep", "{\\\"token\\\":\\\"s3cr3t\\\",\\\"n\\\":1}"));
        Map<?, ?> value = (Map<?, ?>) JSON.readValue(nested, Map.class).get("value");
        assertThat(value.get("value")).isEqualTo("{\"token\":\"(masked)\",\"n\":1}");
        assertThat(value.get("scopeKey")).isEqualTo(1);
    }

    @Test
    void withoutPatternsNothingChanges() {
        assertThat(new Mask(List.of()).record("{\"password\": 1}")).isEqualTo("{\"password\": 1}");
    }
}
