package io.firedrill.console;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/** Of one BPMN file: which job each service task asks for, what it sets, and what follows it. */
final class BpmnFlow {
    private static final Set<String> PLAIN_TARGETS =
            Set.of("serviceTask", "userTask", "callActivity", "exclusiveGateway", "endEvent", "subProcess");

    private final Map<String, String> kinds = new HashMap<>();
    private final Map<String, String> jobs = new HashMap<>();
    private final Map<String, List<String>> targets = new HashMap<>();
    private final Map<String, Map<String, String>> outputs = new HashMap<>();
    private final Set<String> several = new HashSet<>();

    private BpmnFlow() {}

    /** A file that cannot be read has nothing in it. */
    static BpmnFlow read(String bpmn) {
        BpmnFlow flow = new BpmnFlow();
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        try {
            XMLStreamReader reader = factory.createXMLStreamReader(new StringReader(bpmn));
            flow.read(reader);
            reader.close();
        } catch (XMLStreamException e) {
            return new BpmnFlow();
        }
        return flow;
    }

    private void read(XMLStreamReader reader) throws XMLStreamException {
        String task = null;
        while (reader.hasNext()) {
            if (reader.next() != XMLStreamReader.START_ELEMENT) {
                continue;
            }
            String tag = reader.getLocalName();
            @Nullable String id = reader.getAttributeValue(null, "id");
            switch (tag) {
                case "sequenceFlow" -> targets.computeIfAbsent(reader.getAttributeValue(null, "sourceRef"), key -> new ArrayList<>())
                        .add(reader.getAttributeValue(null, "targetRef"));
                case "taskDefinition" -> jobs.put(String.valueOf(task), reader.getAttributeValue(null, "type"));
                case "output" -> outputs.computeIfAbsent(String.valueOf(task), key -> new HashMap<>())
                        .put(reader.getAttributeValue(null, "target"), reader.getAttributeValue(null, "source"));
                case "multiInstanceLoopCharacteristics" -> several.add(String.valueOf(task));
                default -> {
                    if (tag.endsWith("Task") || tag.endsWith("Event") || tag.endsWith("Gateway") || tag.equals("callActivity")
                            || tag.equals("subProcess")) {
                        task = id;
                        kinds.put(String.valueOf(id), tag);
                    }
                }
            }
        }
    }

    Optional<String> job(String element) {
        return Optional.ofNullable(jobs.get(element));
    }

    /** The variables an element sets when it is done, by name, with the FEEL expressions they come from. */
    Map<String, String> outputs(String element) {
        return outputs.getOrDefault(element, Map.of());
    }

    /** What comes after, when that is one thing, and the element does not stand for several. */
    Optional<String> next(String element) {
        List<String> after = targets.getOrDefault(element, List.of());
        return after.size() == 1 && !several.contains(element) && PLAIN_TARGETS.contains(kinds.getOrDefault(after.getFirst(), ""))
                ? Optional.of(after.getFirst())
                : Optional.empty();
    }
}
