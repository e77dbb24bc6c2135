package io.firedrill.engine;

import io.camunda.client.api.response.ActivatedJob;
import io.camunda.zeebe.model.bpmn.Bpmn;
import io.camunda.zeebe.model.bpmn.BpmnModelInstance;
import io.camunda.zeebe.model.bpmn.instance.BoundaryEvent;
import io.camunda.zeebe.model.bpmn.instance.ErrorEventDefinition;
import io.camunda.zeebe.model.bpmn.instance.FlowElement;
import java.io.InputStream;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.camunda.bpm.model.xml.instance.ModelElementInstance;

/** Which steps sit in a scope with a boundary event for {@code STEP_FAILED}, so that throwing it asks a person. */
public final class CaughtFailures {
    private static final String STEP_FAILED = "STEP_FAILED";

    /** Process and element id of each such step, and its name in the diagram. */
    private final Map<String, String> caught;

    private CaughtFailures(Map<String, String> caught) {
        this.caught = caught;
    }

    public static CaughtFailures in(List<BpmnModelInstance> models) {
        return new CaughtFailures(models.stream()
                .flatMap(CaughtFailures::catching)
                // The model lists an element once for each type it is.
                .distinct()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    static BpmnModelInstance read(InputStream bpmn) {
        return Bpmn.readModelFromStream(bpmn);
    }

    boolean in(ActivatedJob job) {
        return caught.containsKey(key(job));
    }

    /** The step as people know it. */
    String name(ActivatedJob job) {
        return caught.getOrDefault(key(job), job.getElementId());
    }

    private static String key(ActivatedJob job) {
        return job.getBpmnProcessId() + "/" + job.getElementId();
    }

    private static Stream<Map.Entry<String, String>> catching(BpmnModelInstance model) {
        Set<ModelElementInstance> scopes = model.getModelElementsByType(BoundaryEvent.class).stream()
                .filter(event -> event.getEventDefinitions().stream()
                        .anyMatch(definition -> definition instanceof ErrorEventDefinition error
                                && STEP_FAILED.equals(error.getError().getErrorCode())))
                .map(BoundaryEvent::getAttachedTo)
                .collect(Collectors.toCollection(HashSet::new));
        return model.getModelElementsByType(FlowElement.class).stream()
                .filter(element -> inside(element, scopes))
                .map(element -> Map.entry(
                        processOf(element) + "/" + element.getId(),
                        Objects.requireNonNullElse(element.getName(), element.getId())));
    }

    private static boolean inside(ModelElementInstance element, Set<ModelElementInstance> scopes) {
        return element != null && (scopes.contains(element) || inside(element.getParentElement(), scopes));
    }

    private static String processOf(ModelElementInstance element) {
        ModelElementInstance parent = element.getParentElement();
        return parent instanceof io.camunda.zeebe.model.bpmn.instance.Process process
                ? process.getId()
                : processOf(parent);
    }
}
