package io.firedrill.console;

import io.firedrill.audit.Fact;
import io.firedrill.console.access.Deed;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** {@code /api/alerts}: what monitoring systems send. */
@RestController
final class AlertsController {
    private final Alerts alerts;
    private final AlertForms forms;

    AlertsController(Alerts alerts, JsonMapper json) {
        this.alerts = alerts;
        this.forms = new AlertForms(json);
    }

    record Answers(List<Alerts.Answer> alerts) {}

    /** One failure fails the whole call, which may be sent again: what was done before it is not done twice. */
    @PostMapping("/api/alerts")
    Answers take(@RequestBody String body, HttpServletRequest request, Actor actor) {
        List<Alert> received = forms.read(body, request::getHeader);
        Deed.note(Fact.SUBJECT, received.stream().map(Alert::name).collect(Collectors.joining(", ")));
        List<Alerts.Answer> answers = received.stream().map(alert -> alerts.take(alert, actor)).toList();
        Deed.note(Fact.DETAIL, answers.stream().map(answer -> answer.alert() + ": " + answer.did()).collect(Collectors.joining(", ")));
        return new Answers(answers);
    }
}
