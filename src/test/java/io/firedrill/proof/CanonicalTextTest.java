package io.firedrill.proof;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalTextTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "((s)::text = ANY ((ARRAY['a'::character varying, 'b, ]'::character varying])::text[])) | ((s)::text = ANY (ARRAY[('a'::character varying)::text, ('b, ]'::character varying)::text]))",
        "ANY (ARRAY[('a'::character varying)::text]) | ANY (ARRAY[('a'::character varying)::text])",
        "(ARRAY[1, 2])::bigint[] | ARRAY[(1)::bigint, (2)::bigint]",
        "x = ANY (ARRAY[1, 2]) | x = ANY (ARRAY[1, 2])",
        "(ARRAY['it''s (ARRAY['::text])::numeric(5,2)[] | ARRAY[('it''s (ARRAY['::text)::numeric(5,2)]",
        "(ARRAY[f(a, b), ARRAY[c, d]])::text[] | ARRAY[(f(a, b))::text, (ARRAY[c, d])::text]",
        "(ARRAY['never closed | (ARRAY['never closed",
    })
    void arrayCastsAreSpread(String printed, String canonical) {
        assertThat(CanonicalText.of(printed)).isEqualTo(canonical);
        assertThat(CanonicalText.of(canonical)).isEqualTo(canonical);
    }
}
