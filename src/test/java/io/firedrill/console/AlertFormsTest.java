package io.firedrill.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AlertFormsTest {
    private static final String ALERTMANAGER = """
            {"version": "4", "groupKey": "{}:{alertname=\\"PostgresDown\\"}", "truncatedAlerts": 0, "status": "firing", "receiver": "firedrill",
             "groupLabels": {}, "commonLabels": {}, "commonAnnotations": {}, "externalURL": "http://am:9093", "orgId": 1, "title": "Grafana adds this",
             "alerts": [
              {"status": "firing", "labels": {"alertname": "PostgresDown", "job": "shop"}, "annotations": {"summary": "shop is down"},
               "startsAt": "2026-11-25T07:30:00Z", "endsAt": "0001-01-01T00:00:00Z", "generatorURL": "http://prom", "fingerprint": "a1", "silenceURL": "x"},
              {"status": "resolved", "labels": {"alertname": "PostgresDown", "job": "blog"}, "annotations": {},
               "startsAt": "2026-11-25T07:00:00Z", "endsAt": "2026-11-25T07:20:00Z", "fingerprint": "b2"}]}""";

    private static List<Alert> read(String body, Map<String, String> headers) {
        return new AlertForms(new JsonMapper()).read(body, headers::get);
    }

    private static List<Alert> json(String body) {
        return read(body, Map.of("Content-Type", "application/json"));
    }

    @Test
    void alertmanagersWebhookIsReadWithWhateverOthersAddToIt() {
        List<Alert> alerts = json(ALERTMANAGER);
        assertThat(alerts).extracting(Alert::name, Alert::resolved).containsExactly(
                org.assertj.core.groups.Tuple.tuple("PostgresDown", false), org.assertj.core.groups.Tuple.tuple("PostgresDown", true));
        assertThat(alerts.getFirst().labels()).containsEntry("job", "shop");
        assertThat(alerts.getFirst().summary()).isEqualTo("shop is down");
    }

    @Test
    void theSameAlertHasTheSameKeyAndItsNextEpisodeAnother() {
        String key = json(ALERTMANAGER).getFirst().key();
        assertThat(json(ALERTMANAGER.replace("truncatedAlerts\": 0", "truncatedAlerts\": 3")).getFirst().key()).isEqualTo(key);
        assertThat(json(ALERTMANAGER.replace("07:30", "08:30")).getFirst().key()).isNotEqualTo(key);
        Alert resolved = json(ALERTMANAGER.replaceFirst("\"status\": \"firing\", \"labels\"", "\"status\": \"resolved\", \"labels\"")).getFirst();
        assertThat(resolved.key()).isNotEqualTo(key);
        assertThat(resolved.episode()).isEqualTo(json(ALERTMANAGER).getFirst().episode());
    }

    @Test
    void aCloudEventIsTheSameInEveryMode() {
        String event = """
                {"specversion": "1.0", "id": "7", "source": "/monitor", "type": "db.down", "subject": "shop", "data": {"severity": "page", "message": "no answer", "deep": {"x": 1}}}""";
        Alert structured = read(event, Map.of("Content-Type", "application/cloudevents+json; charset=utf-8")).getFirst();
        assertThat(read("[" + event + "]", Map.of("Content-Type", "application/cloudevents-batch+json"))).containsExactly(structured);
        assertThat(read("{\"severity\": \"page\", \"message\": \"no answer\", \"deep\": {\"x\": 1}}", Map.of("Content-Type", "application/json",
                        "ce-specversion", "1.0", "ce-id", "7", "ce-source", "/monitor", "ce-type", "db.down", "ce-subject", "shop")))
                .containsExactly(structured);
        assertThat(structured.labels()).containsExactlyInAnyOrderEntriesOf(
                Map.of("severity", "page", "message", "no answer", "type", "db.down", "source", "/monitor", "subject", "shop"));
        assertThat(structured.summary()).isEqualTo("no answer");
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> json("{")).hasMessageContaining("no JSON");
        assertThatThrownBy(() -> json("{\"version\": \"3\", \"alerts\": []}")).hasMessageContaining("version 4");
        assertThatThrownBy(() -> json(ALERTMANAGER.replace("\"fingerprint\": \"a1\"", "\"fp\": \"a1\""))).hasMessageContaining("no 'fingerprint'");
        assertThatThrownBy(() -> json(ALERTMANAGER.replace("\"resolved\"", "\"gone\""))).hasMessageContaining("firing or resolved");
        assertThatThrownBy(() -> read("{}", Map.of("Content-Type", "application/cloudevents+json"))).hasMessageContaining("no attribute 'id'");
        assertThatThrownBy(() -> read("", Map.of("ce-id", "1", "ce-source", "x", "ce-type", "y", "ce-specversion", "0.3"))).hasMessageContaining("1.0");
    }
}
