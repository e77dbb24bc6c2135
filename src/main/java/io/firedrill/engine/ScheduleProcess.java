package io.firedrill.engine;

import java.nio.charset.StandardCharsets;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A small process that calls another one when it is due.
 *
 * <p>INVARIANT: the same schedule gives the same bytes, so that deploying it again, or from two servers, makes no new
 * version and leaves its timer alone.
 *
 * @param id of the process
 * @param name for people
 * @param calls id of the process that is due
 * @param cron of six fields, evaluated in the time zone of the engine
 * @param zone that the engine runs in; a part of the process, so that timers are made anew when it changes
 * @param madeUpFor moments at which it is due besides
 * @param variables texts that the called process starts with; safe to write into XML as they are
 */
record ScheduleProcess(
        String id, String name, String calls, String cron, ZoneId zone, List<OffsetDateTime> madeUpFor,
        Map<String, String> variables) {

    ScheduleProcess {
        madeUpFor = List.copyOf(madeUpFor);
        variables = new LinkedHashMap<>(variables);
    }

    byte[] bpmn() {
        List<String> nodes = new ArrayList<>();
        List<String> shapes = new ArrayList<>();
        start(nodes, shapes, "StartEvent_Due", "Due", "<bpmn:timeCycle xsi:type=\"bpmn:tFormalExpression\">" + cron + "</bpmn:timeCycle>", 0);
        for (int i = 0; i < madeUpFor.size(); i++) {
            start(nodes, shapes, "StartEvent_MadeUpFor" + (i + 1), "Clocks have changed",
                    "<bpmn:timeDate xsi:type=\"bpmn:tFormalExpression\">" + madeUpFor.get(i) + "</bpmn:timeDate>", i + 1);
        }
        return """
                <?xml version="1.0" encoding="UTF-8"?>
                <bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" \
                xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" \
                xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
                xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="Definitions_Schedule" \
                targetNamespace="https://firedrill.io/bpmn">
                  <bpmn:process id="%s" name="%s" isExecutable="true">
                    <bpmn:documentation>In the time zone %s. Made from the recovery plan.</bpmn:documentation>
                %s    <bpmn:callActivity id="CallActivity_Run" name="Run it">
                      <bpmn:extensionElements>
                        <zeebe:calledElement processId="%s" propagateAllChildVariables="true" />
                      </bpmn:extensionElements>
                %s      <bpmn:outgoing>Flow_Run_Ended</bpmn:outgoing>
                    </bpmn:callActivity>
                    <bpmn:endEvent id="EndEvent_Ended" name="Ended">
                      <bpmn:incoming>Flow_Run_Ended</bpmn:incoming>
                    </bpmn:endEvent>
                %s    <bpmn:sequenceFlow id="Flow_Run_Ended" sourceRef="CallActivity_Run" targetRef="EndEvent_Ended" />
                  </bpmn:process>
                  <bpmndi:BPMNDiagram id="Diagram_Schedule">
                    <bpmndi:BPMNPlane id="Plane_Schedule" bpmnElement="%s">
                %s      <bpmndi:BPMNShape id="CallActivity_Run_di" bpmnElement="CallActivity_Run">
                        <dc:Bounds x="260" y="80" width="100" height="80" />
                      </bpmndi:BPMNShape>
                      <bpmndi:BPMNShape id="EndEvent_Ended_di" bpmnElement="EndEvent_Ended">
                        <dc:Bounds x="422" y="102" width="36" height="36" />
                      </bpmndi:BPMNShape>
                      <bpmndi:BPMNEdge id="Flow_Run_Ended_di" bpmnElement="Flow_Run_Ended">
                        <di:waypoint x="360" y="120" />
                        <di:waypoint x="422" y="120" />
                      </bpmndi:BPMNEdge>
                    </bpmndi:BPMNPlane>
                  </bpmndi:BPMNDiagram>
                </bpmn:definitions>
                """.formatted(id, name, zone, String.join("", nodes), calls, incoming(), flows(), id, String.join("", shapes))
                .getBytes(StandardCharsets.UTF_8);
    }

    private void start(List<String> nodes, List<String> shapes, String start, String label, String timer, int row) {
        StringBuilder outputs = new StringBuilder();
        variables.forEach((variable, value) -> outputs.append(
                "          <zeebe:output source=\"=&quot;%s&quot;\" target=\"%s\" />\n".formatted(value, variable)));
        nodes.add("""
                    <bpmn:startEvent id="%s" name="%s">
                      <bpmn:extensionElements>
                        <zeebe:ioMapping>
                %s        </zeebe:ioMapping>
                      </bpmn:extensionElements>
                      <bpmn:outgoing>Flow_%s</bpmn:outgoing>
                      <bpmn:timerEventDefinition id="%s_Timer">%s</bpmn:timerEventDefinition>
                    </bpmn:startEvent>
                """.formatted(start, label, outputs, start, start, timer));
        int y = 102 + 80 * row;
        String bend = row == 0 ? "" : "        <di:waypoint x=\"310\" y=\"%d\" />\n".formatted(y + 18);
        shapes.add("""
                      <bpmndi:BPMNShape id="%1$s_di" bpmnElement="%1$s">
                        <dc:Bounds x="160" y="%2$d" width="36" height="36" />
                      </bpmndi:BPMNShape>
                      <bpmndi:BPMNEdge id="Flow_%1$s_di" bpmnElement="Flow_%1$s">
                        <di:waypoint x="196" y="%3$d" />
                %4$s        <di:waypoint x="%5$d" y="%6$d" />
                      </bpmndi:BPMNEdge>
                """.formatted(start, y, y + 18, bend, row == 0 ? 260 : 310, row == 0 ? 120 : 160));
    }

    private List<String> starts() {
        List<String> starts = new ArrayList<>(List.of("StartEvent_Due"));
        for (int i = 1; i <= madeUpFor.size(); i++) {
            starts.add("StartEvent_MadeUpFor" + i);
        }
        return starts;
    }

    private String incoming() {
        StringBuilder text = new StringBuilder();
        starts().forEach(start -> text.append("      <bpmn:incoming>Flow_%s</bpmn:incoming>\n".formatted(start)));
        return text.toString();
    }

    private String flows() {
        StringBuilder text = new StringBuilder();
        starts().forEach(start -> text.append(
                "    <bpmn:sequenceFlow id=\"Flow_%1$s\" sourceRef=\"%1$s\" targetRef=\"CallActivity_Run\" />\n".formatted(start)));
        return text.toString();
    }
}
