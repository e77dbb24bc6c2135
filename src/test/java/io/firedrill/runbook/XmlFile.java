package io.firedrill.runbook;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** A BPMN or DMN file as plain XML: what is written there, not what a library makes of it. */
record XmlFile(Path path, Element root) {
    static XmlFile read(Path path) {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setNamespaceAware(true);
            Document document = factory.newDocumentBuilder().parse(path.toFile());
            return new XmlFile(path, document.getDocumentElement());
        } catch (IOException | ParserConfigurationException | SAXException e) {
            throw new IllegalStateException(path + " cannot be read", e);
        }
    }

    String name() {
        String file = path.getFileName().toString();
        return file.substring(0, file.lastIndexOf('.'));
    }

    /** All elements of these local names, in the order of the file. */
    Stream<Element> all(String... names) {
        return descendants(root, names);
    }

    static Stream<Element> descendants(Element element, String... names) {
        NodeList all = element.getElementsByTagNameNS("*", "*");
        List<Element> found = new ArrayList<>();
        for (int i = 0; i < all.getLength(); i++) {
            Element candidate = (Element) all.item(i);
            if (Stream.of(names).anyMatch(name -> isCalled(candidate, name))) {
                found.add(candidate);
            }
        }
        return found.stream();
    }

    static Stream<Element> children(Element element, String... names) {
        return descendants(element, names).filter(child -> child.getParentNode() == element);
    }

    /** What stands in the element's own {@code extensionElements}. */
    static Stream<Element> extensions(Element element, String... names) {
        return children(element, "extensionElements").flatMap(extension -> descendants(extension, names));
    }

    /** BPMN and Zeebe both have a {@code userTask}: with a prefix the name is meant to the letter, without it is BPMN's. */
    private static boolean isCalled(Element element, String name) {
        return name.contains(":")
                ? element.getNodeName().equals(name)
                : element.getLocalName().equals(name) && !element.getNodeName().equals("zeebe:userTask");
    }
}
