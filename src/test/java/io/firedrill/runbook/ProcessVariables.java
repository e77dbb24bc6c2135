package io.firedrill.runbook;

import static io.firedrill.runbook.XmlFile.children;
import static io.firedrill.runbook.XmlFile.extensions;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.w3c.dom.Element;

/** Which variables one process writes, and where it reads which. */
final class ProcessVariables {
    /** What a step that fails for good leaves, and what the server adds to every answered task. */
    private static final Set<String> FAILED = Set.of("failure", "failedStep");

    private static final Set<String> ANSWERED = Set.of("decision", "reason", "decidedBy", "decidedAt");

    private final XmlFile process;
    private final StepMethods steps;
    private final Map<String, FormFile> forms;
    private final Map<String, XmlFile> called;

    ProcessVariables(XmlFile process, StepMethods steps, Map<String, FormFile> forms, Map<String, XmlFile> called) {
        this.process = process;
        this.steps = steps;
        this.forms = forms;
        this.called = called;
    }

    /** {@code reader} is the id of the element that reads. */
    record Read(String reader, String variable) {}

    /** Reads of variables that nothing before could have written: neither the process nor the element itself. */
    List<Read> unwritten(Set<String> decisionInputs) {
        Set<String> written = written();
        List<Read> missing = new ArrayList<>();
        process.all("serviceTask", "userTask", "callActivity", "businessRuleTask", "startEvent", "endEvent", "boundaryEvent", "sequenceFlow")
                .forEach(element -> {
                    Set<String> known = new TreeSet<>(written);
                    known.addAll(local(element));
                    reads(element, decisionInputs)
                            .filter(name -> !known.contains(name))
                            .forEach(name -> missing.add(new Read(element.getAttribute("id"), name)));
                });
        return missing;
    }

    /** The names after {@code Inputs:} at the start event. */
    static List<String> inputs(XmlFile process) {
        return documented(process, "Inputs:");
    }

    static List<String> outputs(XmlFile process) {
        return documented(process, "Outputs:");
    }

    Set<String> written() {
        Set<String> written = new TreeSet<>(inputs(process));
        process.all("serviceTask", "userTask", "callActivity", "boundaryEvent", "startEvent", "endEvent")
                .forEach(element -> {
                    List<String> mapped = extensions(element, "output").map(out -> out.getAttribute("target")).toList();
                    written.addAll(mapped.isEmpty() ? produced(element) : mapped);
                });
        process.all("loopCharacteristics").map(loop -> loop.getAttribute("outputCollection")).forEach(written::add);
        process.all("calledDecision").map(decision -> decision.getAttribute("resultVariable")).forEach(written::add);
        return written;
    }

    /** What the element itself brings: its inputs, its loop's element, what its work produced. */
    private Set<String> local(Element element) {
        Set<String> local = new TreeSet<>(produced(element));
        extensions(element, "input").map(in -> in.getAttribute("target")).forEach(local::add);
        children(element, "multiInstanceLoopCharacteristics")
                .flatMap(loop -> extensions(loop, "loopCharacteristics"))
                .map(loop -> loop.getAttribute("inputElement"))
                .forEach(local::add);
        return local;
    }

    private Set<String> produced(Element element) {
        return switch (element.getLocalName()) {
            case "serviceTask" -> steps.written(jobType(element));
            case "userTask" -> {
                Set<String> answered = new TreeSet<>(ANSWERED);
                answered.addAll(form(element).fields());
                yield answered;
            }
            case "callActivity" -> extensions(element, "calledElement")
                    .map(call -> called.get(call.getAttribute("processId")))
                    .flatMap(process -> outputs(process).stream())
                    .collect(java.util.stream.Collectors.toSet());
            case "boundaryEvent" -> children(element, "errorEventDefinition").findAny().isPresent() ? FAILED : Set.of();
            default -> Set.of();
        };
    }

    private Stream<String> reads(Element element, Set<String> decisionInputs) {
        Stream<String> expressions = Stream.concat(
                Stream.concat(
                        extensions(element, "input", "output").map(mapping -> mapping.getAttribute("source")),
                        extensions(element, "taskSchedule").map(schedule -> schedule.getAttribute("dueDate"))),
                Stream.concat(
                        XmlFile.descendants(element, "conditionExpression", "timeCycle", "timeDuration").map(Element::getTextContent),
                        children(element, "multiInstanceLoopCharacteristics")
                                .flatMap(loop -> extensions(loop, "loopCharacteristics"))
                                .flatMap(loop -> Stream.of(loop.getAttribute("inputCollection"), loop.getAttribute("outputElement")))));
        Stream<String> others = switch (element.getLocalName()) {
            case "serviceTask" -> steps.needed(jobType(element)).stream();
            case "userTask" -> form(element).shown().stream();
            case "businessRuleTask" -> decisionInputs.stream();
            default -> Stream.empty();
        };
        return Stream.concat(expressions.map(String::strip).flatMap(text -> Feel.variables(text).stream()), others);
    }

    private FormFile form(Element userTask) {
        return forms.get(extensions(userTask, "formDefinition").findFirst().orElseThrow().getAttribute("formId"));
    }

    static String jobType(Element serviceTask) {
        return extensions(serviceTask, "taskDefinition").findFirst().orElseThrow().getAttribute("type");
    }

    private static List<String> documented(XmlFile process, String heading) {
        return process.all("startEvent")
                .flatMap(start -> children(start, "documentation"))
                .flatMap(documentation -> documentation.getTextContent().lines())
                .filter(line -> line.startsWith(heading))
                .flatMap(line -> Arrays.stream(line.substring(heading.length()).split(",")))
                .map(String::strip)
                .toList();
    }
}
