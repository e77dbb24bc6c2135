package io.firedrill.exporter;

import io.camunda.zeebe.exporter.api.context.Context.RecordFilter;
import io.camunda.zeebe.protocol.record.RecordType;
import io.camunda.zeebe.protocol.record.ValueType;
import java.util.EnumSet;
import java.util.Set;

/** Events that tell what happened; commands and the engine's own book-keeping stay out. */
final class Interesting implements RecordFilter {
    private static final Set<ValueType> VALUES = EnumSet.of(
            ValueType.PROCESS,
            ValueType.FORM,
            ValueType.DECISION,
            ValueType.DECISION_REQUIREMENTS,
            ValueType.PROCESS_INSTANCE_CREATION,
            ValueType.PROCESS_INSTANCE,
            ValueType.PROCESS_INSTANCE_MODIFICATION,
            ValueType.PROCESS_INSTANCE_MIGRATION,
            ValueType.JOB,
            ValueType.USER_TASK,
            ValueType.VARIABLE,
            ValueType.INCIDENT,
            ValueType.DECISION_EVALUATION,
            ValueType.TIMER,
            ValueType.MESSAGE,
            ValueType.PROCESS_MESSAGE_SUBSCRIPTION,
            ValueType.SIGNAL,
            ValueType.ESCALATION,
            ValueType.RESOURCE_DELETION);

    @Override
    public boolean acceptType(RecordType type) {
        return type == RecordType.EVENT;
    }

    @Override
    public boolean acceptValue(ValueType type) {
        return VALUES.contains(type);
    }
}
