package io.firedrill.cli;

import io.firedrill.client.Json;
import io.firedrill.plan.Mistake;
import io.firedrill.plan.RecoveryPlan;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code plan check --json}: {@code file, valid, services, mistakes}. */
final class PlanJson {
    private PlanJson() {}

    static JsonNode checked(RecoveryPlan plan) {
        ObjectNode result = Json.object().put("file", plan.file().toString()).put("valid", true);
        ArrayNode services = result.putArray("services");
        plan.services().keySet().forEach(services::add);
        result.putArray("mistakes");
        return result;
    }

    static JsonNode mistakes(List<Mistake> mistakes) {
        ObjectNode result = Json.object().put("file", mistakes.getFirst().file().toString()).put("valid", false);
        result.putArray("services");
        ArrayNode list = result.putArray("mistakes");
        for (Mistake mistake : mistakes) {
            list.addObject()
                    .put("line", mistake.line())
                    .put("column", mistake.column())
                    .put("what", mistake.what())
                    .put("instead", mistake.instead());
        }
        return result;
    }
}
