package io.firedrill.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firedrill.exporter.LocalPostgres;
import io.firedrill.failure.FailureException;
import org.junit.jupiter.api.Test;

class HistoryIT {
    @Test
    void beforeTheExporterEverRanAnswersAreEmptyAndADatabaseAwayIsAPassingFailure() throws Exception {
        try (LocalPostgres postgres = LocalPostgres.start()) {
            History history = new History(postgres.dataSource());
            assertThat(history.runs(RunFilter.all())).isEmpty();
            assertThat(history.run(1)).isEmpty();
            assertThat(history.openTasks(null)).isEmpty();
            assertThat(history.task(1)).isEmpty();
            assertThat(history.formSchema(1)).isEmpty();
            assertThat(history.incident("x")).isEmpty();
            assertThat(history.newestPosition()).isZero();
            assertThat(history.lag()).isEmpty();

            postgres.down();
            assertThatThrownBy(() -> history.runs(RunFilter.all()))
                    .isInstanceOfSatisfying(FailureException.class, e -> {
                        assertThat(e.failure().code()).isEqualTo("state-database-down");
                        assertThat(e.passing()).isTrue();
                    });
            postgres.up();
            assertThat(history.runs(RunFilter.all())).isEmpty();
        }
    }
}
