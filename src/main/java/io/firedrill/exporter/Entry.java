package io.firedrill.exporter;

import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.value.ProcessInstanceRelated;
import io.camunda.zeebe.protocol.record.value.VariableRecordValue;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One record, taken out of the engine's buffer, which it reuses for the next.
 *
 * @param rows what it changes in the typed tables
 */
record Entry(
        int partition,
        long position,
        OffsetDateTime at,
        String valueType,
        String intent,
        long key,
        @Nullable Long processInstanceKey,
        @Nullable String elementId,
        String json,
        List<Row> rows) {

    static Entry of(Record<?> record, Mask mask) {
        return new Entry(
                record.getPartitionId(),
                record.getPosition(),
                time(record.getTimestamp()),
                record.getValueType().name(),
                record.getIntent().name(),
                record.getKey(),
                record.getValue() instanceof ProcessInstanceRelated related
                        ? Projection.key(related.getProcessInstanceKey())
                        : null,
                Projection.elementId(record.getValue()),
                record.getValue() instanceof VariableRecordValue variable
                        ? mask.variableRecord(variable.getName(), record.toJson())
                        : mask.record(record.toJson()),
                Projection.rows(record, mask));
    }

    static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
}
