package io.firedrill.runbook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FeelTest {
    @Test
    void findsRootsOfPathsOnly() {
        assertThat(Feel.variables("=evidence.facts.server")).containsExactly("evidence");
    }

    @Test
    void leavesOutWordsStringsFunctionsAndLoopVariables() {
        assertThat(Feel.variables("=if list contains([\"stop\"], decision) then (for r in results return r.backup) else null"))
                .containsExactlyInAnyOrder("decision", "results");
        assertThat(Feel.variables("=count(a) > 0 and (every c in b.checks satisfies (c.passed = true or not(d)))"))
                .containsExactlyInAnyOrder("a", "b", "d");
        assertThat(Feel.variables("=x[item.passed != true].name")).containsExactly("x");
    }

    @Test
    void leavesOutKeysOfContexts() {
        assertThat(Feel.variables("={name: target.database, proven: false, failure: failure}"))
                .containsExactlyInAnyOrder("target", "failure");
    }

    @Test
    void readsTemporalExpressions() {
        assertThat(Feel.variables("=now() + duration(escalateAfter)")).containsExactly("escalateAfter");
        assertThat(Feel.variables("=\"R/\" + escalateAfter")).containsExactly("escalateAfter");
    }
}
