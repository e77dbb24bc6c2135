package io.firedrill.console;

import io.firedrill.console.access.FirstSignIn;
import io.firedrill.history.History;
import io.firedrill.plan.Database;
import java.time.Clock;
import javax.sql.DataSource;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;

/** What the gate to the console needs of the server, for tests of the gate alone. */
abstract class GateBeans {
    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    DataSource stateDatabase() {
        return StateDataSource.of(state());
    }

    @Bean
    History history(DataSource stateDatabase) {
        return new History(stateDatabase);
    }

    @Bean
    StateSchema stateSchema(DataSource stateDatabase, FirstSignIn first) {
        return new StateSchema(stateDatabase, first::prepare);
    }

    @Bean
    ApplicationListener<ServletWebServerInitializedEvent> listening(FirstSignIn first) {
        return event -> first.listening("http://127.0.0.1:" + event.getWebServer().getPort());
    }

    @Bean
    Problems problems() {
        return new Problems();
    }

    abstract Database state();
}
