package io.firedrill.history;

import java.io.ByteArrayInputStream;
import java.util.HashMap;
import java.util.Map;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** What people call the elements of one BPMN file. */
record BpmnNames(Map<String, String> byId) {
    static final BpmnNames NONE = new BpmnNames(Map.of());
    private static final String BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL";

    /** A file that cannot be read gives no names. */
    static BpmnNames read(byte[] bpmn) {
        Map<String, String> names = new HashMap<>();
        try {
            XMLStreamReader reader = factory().createXMLStreamReader(new ByteArrayInputStream(bpmn));
            while (reader.hasNext()) {
                if (reader.next() == XMLStreamReader.START_ELEMENT && BPMN.equals(reader.getNamespaceURI())) {
                    String id = reader.getAttributeValue(null, "id");
                    String name = reader.getAttributeValue(null, "name");
                    if (id != null && name != null && !name.isBlank()) {
                        names.put(id, name.strip().replaceAll("\\s+", " "));
                    }
                }
            }
            reader.close();
        } catch (XMLStreamException e) {
            return NONE;
        }
        return new BpmnNames(Map.copyOf(names));
    }

    /** The id where there is no name. */
    String name(String id) {
        return byId.getOrDefault(id, id);
    }

    boolean names(String id) {
        return byId.containsKey(id);
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        return factory;
    }
}
