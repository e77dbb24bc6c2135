package io.firedrill.console;

import io.firedrill.console.access.FirstSignIn;
import io.firedrill.engine.ChildProcess;
import io.firedrill.engine.Home;
import io.firedrill.engine.Listening;
import io.firedrill.plan.RecoveryPlan;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.boot.web.server.servlet.context.ServletWebServerInitializedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** Tells the command line where the server is. */
@Component
final class ServerFile {
    private final Home home;
    private final RecoveryPlan plan;
    private final JsonMapper json;
    private final FirstSignIn firstSignIn;
    private final Listening listening;

    ServerFile(Home home, RecoveryPlan plan, JsonMapper json, FirstSignIn firstSignIn, Listening listening) {
        this.listening = listening;
        this.firstSignIn = firstSignIn;
        this.home = home;
        this.plan = plan;
        this.json = json;
    }

    @EventListener
    void listening(ServletWebServerInitializedEvent event) {
        Map<String, Object> facts = new LinkedHashMap<>();
        String url = "http://" + listening.reachable() + ":" + event.getWebServer().getPort();
        facts.put("url", url);
        facts.put("pid", ProcessHandle.current().pid());
        facts.put("startedAt", ChildProcess.startedAt(ProcessHandle.current()));
        facts.put("plan", plan.file().toString());
        home.writeServer(json.writeValueAsString(facts));
        firstSignIn.listening(url);
    }
}
