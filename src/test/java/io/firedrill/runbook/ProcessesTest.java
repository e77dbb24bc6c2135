package io.firedrill.runbook;

import static io.firedrill.runbook.XmlFile.children;
import static io.firedrill.runbook.XmlFile.extensions;
import static org.assertj.core.api.Assertions.assertThat;

import io.firedrill.diagnosis.Evidence;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Element;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Holds the BPMN, the decision table, the forms, the element templates and the runbook's methods together. */
class ProcessesTest {
    private static final String[] TASKS = {"serviceTask", "userTask", "businessRuleTask", "callActivity"};
    private static final String[] NODES = {
        "serviceTask", "userTask", "businessRuleTask", "callActivity", "subProcess", "startEvent", "endEvent",
        "boundaryEvent", "exclusiveGateway", "parallelGateway"
    };
    private static final Map<String, String> PREFIXES = Map.of(
            "serviceTask", "Task", "userTask", "Task", "businessRuleTask", "Task", "callActivity", "CallActivity",
            "subProcess", "SubProcess", "startEvent", "StartEvent", "endEvent", "EndEvent", "boundaryEvent",
            "BoundaryEvent", "exclusiveGateway", "Gateway", "parallelGateway", "Gateway");

    private static Map<String, XmlFile> processes;
    private static XmlFile decisions;
    private static Map<String, FormFile> forms;
    private static StepMethods steps;

    @BeforeAll
    static void read() throws IOException {
        processes = files("bpmn", ".bpmn", XmlFile::read, XmlFile::name);
        decisions = XmlFile.read(Path.of("bpmn/cause-and-strategy.dmn"));
        forms = files("forms", ".form", FormFile::read, FormFile::name);
        steps = StepMethods.find();
    }

    static Stream<XmlFile> processes() throws IOException {
        return files("bpmn", ".bpmn", XmlFile::read, XmlFile::name).values().stream();
    }

    @Test
    void everyJobTypeHasExactlyOneMethodAndTheReverse() {
        Set<String> used = processes.values().stream()
                .flatMap(process -> process.all("serviceTask"))
                .map(ProcessVariables::jobType)
                .collect(Collectors.toSet());
        assertThat(steps.jobTypes()).isNotEmpty().doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(used);
    }

    @Test
    void everyRunbookClassNamesProcessesThatUseItsSteps() {
        steps.methods().forEach(method -> {
            String[] named = method.getDeclaringClass().getAnnotation(Process.class).value();
            assertThat(processes.keySet()).contains(named);
        });
        processes.values().forEach(process -> process.all("serviceTask").map(ProcessVariables::jobType).forEach(type ->
                assertThat(steps.of(type).getDeclaringClass().getAnnotation(Process.class).value())
                        .as("processes of the class with " + type)
                        .contains(process.name())));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void everyVariableReadIsWrittenSomewhere(XmlFile process) {
        ProcessVariables variables = new ProcessVariables(process, steps, forms, processes);
        assertThat(ProcessVariables.inputs(process)).as("documented inputs").isNotEmpty();
        assertThat(variables.unwritten(decisionInputs())).isEmpty();
        assertThat(variables.written()).as("documented outputs").containsAll(ProcessVariables.outputs(process));
    }

    @Test
    void everyCallGivesWhatTheCalledProcessWantsAndTakesWhatItHas() {
        processes.values().forEach(caller -> caller.all("callActivity").forEach(call -> {
            Element called = extensions(call, "calledElement").findFirst().orElseThrow();
            XmlFile process = processes.get(called.getAttribute("processId"));
            assertThat(process).as("called by " + call.getAttribute("id")).isNotNull();
            assertThat(called.getAttribute("propagateAllChildVariables")).isEqualTo("false");
            assertThat(called.getAttribute("propagateAllParentVariables")).isEqualTo("false");
            assertThat(attributes(call, "input", "target"))
                    .containsExactlyInAnyOrderElementsOf(ProcessVariables.inputs(process));
            assertThat(ProcessVariables.outputs(process)).containsAll(attributes(call, "output", "target"));
        }));
    }

    @Test
    void everyDecisionAskedForExistsAndReadsFactsThatAreCollected() {
        Set<String> known = decisions.all("decision").map(decision -> decision.getAttribute("id")).collect(Collectors.toSet());
        processes.values().forEach(process -> process.all("calledDecision")
                .forEach(call -> assertThat(known).contains(call.getAttribute("decisionId"))));
        Set<String> facts = Arrays.stream(Evidence.Facts.class.getRecordComponents())
                .map(java.lang.reflect.RecordComponent::getName)
                .collect(Collectors.toSet());
        assertThat(decisions.all("inputExpression")
                        .map(Element::getTextContent)
                        .flatMap(text -> Pattern.compile("evidence\\.facts\\.(\\w+)").matcher(text).results())
                        .map(match -> match.group(1)))
                .isNotEmpty()
                .allSatisfy(fact -> assertThat(facts).contains(fact));
    }

    @Test
    void everyFormIsUsedAndEveryUserTaskHasOne() {
        Set<String> used = processes.values().stream()
                .flatMap(process -> process.all("formDefinition"))
                .map(form -> form.getAttribute("formId"))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(forms.keySet()).containsExactlyInAnyOrderElementsOf(used);
        assertThat(forms.values()).allSatisfy(form -> assertThat(form.id()).isEqualTo(form.name()));
    }

    @Test
    void everyDecisionOfAPersonIsExplicitAndHasAReason() {
        forms.values().stream().filter(form -> !form.name().equals("write-analysis")).forEach(form -> {
            for (String key : List.of("decision", "reason")) {
                assertThat(form.field(key)).as(form.name() + " " + key).singleElement().satisfies(field -> {
                    assertThat(field.path("validate").path("required").asBoolean()).isTrue();
                    assertThat(field.has("defaultValue")).isFalse();
                });
            }
            assertThat(form.field("decision").findFirst().orElseThrow().path("values")).hasSizeGreaterThanOrEqualTo(2);
        });
    }

    @Test
    void everyAnswerAFormOffersIsKnownToItsTask() {
        processes.values().forEach(process -> process.all("userTask").forEach(task -> {
            FormFile form = forms.get(attributes(task, "formDefinition", "formId").getFirst());
            String mapping = String.join(" ", attributes(task, "output", "source"));
            form.field("decision").flatMap(field -> field.path("values").valueStream()).forEach(option ->
                    assertThat(mapping).as(task.getAttribute("id")).contains('"' + option.path("value").asString() + '"'));
        }));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void everyUserTaskHasAFormAGroupADueDateAndAnEscalation(XmlFile process) {
        process.all("userTask").forEach(task -> {
            String id = task.getAttribute("id");
            assertThat(extensions(task, "zeebe:userTask")).as(id).hasSize(1);
            assertThat(forms).as(id).containsKey(attributes(task, "formDefinition", "formId").getFirst());
            assertThat(attributes(task, "assignmentDefinition", "candidateGroups").getFirst().split(", "))
                    .as(id)
                    .isSubsetOf("operator", "approver");
            assertThat(attributes(task, "taskSchedule", "dueDate")).as(id).containsExactly("=now() + duration(escalateAfter)");
            assertThat(escalations(process, task)).as("escalation of " + id).hasSize(1);
        });
    }

    @ParameterizedTest
    @MethodSource("processes")
    void everyUserTaskStartsWithNoDecisionOfAnotherTask(XmlFile process) {
        process.all("userTask").forEach(task -> assertThat(extensions(task, "input")
                        .filter(input -> input.getAttribute("source").equals("=null"))
                        .map(input -> input.getAttribute("target")))
                .as(task.getAttribute("id"))
                .contains("decidedBy", "decidedAt"));
    }

    @ParameterizedTest
    @MethodSource("processes")
    void everyWayPastAPersonHasADefaultAndEveryOtherFlowACondition(XmlFile process) {
        process.all("exclusiveGateway").forEach(gateway -> {
            List<Element> out = flows(process, "sourceRef", gateway);
            if (out.size() > 1) {
                assertThat(gateway.getAttribute("name")).endsWith("?");
                assertThat(gateway.getAttribute("default")).as(gateway.getAttribute("id")).isNotEmpty();
                assertThat(out).allSatisfy(flow -> {
                    assertThat(flow.getAttribute("name")).as(flow.getAttribute("id")).isNotEmpty();
                    assertThat(children(flow, "conditionExpression").count() == 0)
                            .as(flow.getAttribute("id"))
                            .isEqualTo(flow.getAttribute("id").equals(gateway.getAttribute("default")));
                });
            } else {
                assertThat(gateway.getAttribute("name")).as(gateway.getAttribute("id")).isEmpty();
            }
        });
    }

    @ParameterizedTest
    @MethodSource("processes")
    void everyElementIsNamedByTheConventions(XmlFile process) {
        assertThat(process.all("process").map(element -> element.getAttribute("id"))).containsExactly(process.name());
        assertThat(process.all("process").flatMap(element -> extensions(element, "versionTag"))).hasSize(1);
        process.all(NODES).forEach(node -> assertThat(node.getAttribute("id"))
                .matches(PREFIXES.get(node.getLocalName()) + "_[A-Z][A-Za-z]+"));
        process.all("sequenceFlow").forEach(flow -> assertThat(flow.getAttribute("id")).matches("Flow_[A-Za-z_]+"));
        process.all("error").forEach(error -> assertThat(error.getAttribute("errorCode")).isEqualTo("STEP_FAILED"));
        process.all(TASKS).forEach(task -> {
            assertThat(task.getAttribute("name")).matches("[A-Z][a-z -]+");
            assertThat(children(task, "documentation")).as(task.getAttribute("id")).hasSize(1);
        });
    }

    @ParameterizedTest
    @MethodSource("processes")
    void everyElementAndFlowIsDrawn(XmlFile process) {
        Set<String> drawn = process.all("BPMNShape", "BPMNEdge").map(di -> di.getAttribute("bpmnElement")).collect(Collectors.toSet());
        Set<String> there = Stream.concat(
                        process.all(NODES),
                        process.all("sequenceFlow"))
                .map(element -> element.getAttribute("id"))
                .collect(Collectors.toSet());
        assertThat(drawn).containsExactlyInAnyOrderElementsOf(there);
    }

    @Test
    void everyJobTypeHasOneElementTemplateThatAsksForWhatItsStepReads() throws IOException {
        Map<String, JsonNode> templates = files(
                "deploy/element-templates", ".json", path -> new JsonMapper().readTree(path), ProcessesTest::templateType);
        assertThat(templates.keySet()).containsExactlyInAnyOrderElementsOf(steps.jobTypes());
        templates.forEach((type, template) -> assertThat(template.path("properties")
                        .valueStream()
                        .map(property -> property.path("binding"))
                        .filter(binding -> binding.path("type").asString().equals("zeebe:input"))
                        .map(binding -> binding.path("name").asString()))
                .as(type)
                .containsExactlyInAnyOrderElementsOf(steps.read(type)));
    }

    private static String templateType(JsonNode template) {
        return template.path("properties")
                .valueStream()
                .filter(property -> property.path("binding").path("property").asString("").equals("type"))
                .map(property -> property.path("value").asString())
                .findFirst()
                .orElseThrow();
    }

    /** Variables of the process that the decisions read: not what one decision takes from another. */
    private static Set<String> decisionInputs() {
        Set<String> inputs = decisions.all("inputExpression")
                .flatMap(expression -> Feel.variables(expression.getTextContent().strip()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
        decisions.all("decision").map(decision -> decision.getAttribute("id")).forEach(inputs::remove);
        return inputs;
    }

    private static List<Element> escalations(XmlFile process, Element task) {
        return process.all("boundaryEvent")
                .filter(event -> event.getAttribute("attachedToRef").equals(task.getAttribute("id")))
                .filter(event -> event.getAttribute("cancelActivity").equals("false"))
                .filter(event -> XmlFile.descendants(event, "timeCycle").anyMatch(cycle -> cycle.getTextContent().equals("=\"R/\" + escalateAfter")))
                .flatMap(event -> flows(process, "sourceRef", event).stream())
                .flatMap(flow -> process.all("serviceTask").filter(target -> target.getAttribute("id").equals(flow.getAttribute("targetRef"))))
                .filter(target -> ProcessVariables.jobType(target).equals("escalate"))
                .filter(target -> attributes(target, "input", "source").equals(List.of("=\"" + task.getAttribute("name") + "\"")))
                .toList();
    }

    private static List<Element> flows(XmlFile process, String end, Element node) {
        return process.all("sequenceFlow")
                .filter(flow -> flow.getAttribute(end).equals(node.getAttribute("id")))
                .toList();
    }

    private static List<String> attributes(Element element, String extension, String attribute) {
        return extensions(element, extension).map(found -> found.getAttribute(attribute)).toList();
    }

    private static <T> Map<String, T> files(String folder, String ending, Function<Path, T> read, Function<T, String> name)
            throws IOException {
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .map(read)
                    .collect(Collectors.toMap(name, Function.identity()));
        }
    }
}
