package io.firedrill.exporter;

import io.camunda.zeebe.protocol.record.Record;
import io.camunda.zeebe.protocol.record.RecordValue;
import io.camunda.zeebe.protocol.record.intent.DecisionEvaluationIntent;
import io.camunda.zeebe.protocol.record.intent.FormIntent;
import io.camunda.zeebe.protocol.record.intent.IncidentIntent;
import io.camunda.zeebe.protocol.record.intent.JobIntent;
import io.camunda.zeebe.protocol.record.intent.ProcessInstanceIntent;
import io.camunda.zeebe.protocol.record.intent.ProcessIntent;
import io.camunda.zeebe.protocol.record.intent.UserTaskIntent;
import io.camunda.zeebe.protocol.record.value.BpmnElementType;
import io.camunda.zeebe.protocol.record.value.DecisionEvaluationRecordValue;
import io.camunda.zeebe.protocol.record.value.IncidentRecordValue;
import io.camunda.zeebe.protocol.record.value.JobRecordValue;
import io.camunda.zeebe.protocol.record.value.ProcessInstanceRecordValue;
import io.camunda.zeebe.protocol.record.value.TimerRecordValue;
import io.camunda.zeebe.protocol.record.value.UserTaskRecordValue;
import io.camunda.zeebe.protocol.record.value.VariableRecordValue;
import io.camunda.zeebe.protocol.record.value.deployment.Form;
import io.camunda.zeebe.protocol.record.value.deployment.Process;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** From an event of the engine to the rows it changes. Column order is that of {@link Table}. */
final class Projection {
    private Projection() {}

    static List<Row> rows(Record<?> record, Mask mask) {
        return switch (record.getValue()) {
            case Process value when record.getIntent() == ProcessIntent.CREATED -> List.of(definition(record, value));
            case Form value when record.getIntent() == FormIntent.CREATED -> List.of(form(record, value));
            case ProcessInstanceRecordValue value -> element(record, value);
            case JobRecordValue value -> List.of(job(record, value));
            case UserTaskRecordValue value -> List.of(userTask(record, value));
            case VariableRecordValue value -> List.of(variable(record, value, mask));
            case IncidentRecordValue value -> List.of(incident(record, value));
            case DecisionEvaluationRecordValue value -> List.of(decision(record, value));
            case TimerRecordValue value -> List.of(timer(record, value));
            default -> List.of();
        };
    }

    static @Nullable String elementId(RecordValue value) {
        return switch (value) {
            case ProcessInstanceRecordValue element -> element.getElementId();
            case JobRecordValue job -> job.getElementId();
            case UserTaskRecordValue task -> task.getElementId();
            case IncidentRecordValue incident -> incident.getElementId();
            case DecisionEvaluationRecordValue decision -> decision.getElementId();
            case TimerRecordValue timer -> timer.getTargetElementId();
            default -> null;
        };
    }

    /** The engine says -1 where there is none. */
    static @Nullable Long key(long key) {
        return key < 0 ? null : key;
    }

    private static Row definition(Record<?> record, Process process) {
        return Row.of(
                Table.PROCESS_DEFINITION,
                process.getProcessDefinitionKey(),
                record.getPosition(),
                process.getBpmnProcessId(),
                process.getVersion(),
                text(process.getVersionTag()),
                process.getResourceName(),
                process.getResource(),
                at(record));
    }

    private static Row form(Record<?> record, Form form) {
        return Row.of(
                Table.FORM,
                form.getFormKey(),
                record.getPosition(),
                form.getFormId(),
                form.getVersion(),
                form.getResource(),
                at(record));
    }

    private static List<Row> element(Record<?> record, ProcessInstanceRecordValue value) {
        String state = elementState(record);
        if (state == null || value.getBpmnElementType() == BpmnElementType.SEQUENCE_FLOW) {
            return List.of();
        }
        OffsetDateTime started = state.equals("activating") ? at(record) : null;
        OffsetDateTime ended = state.equals("completed") || state.equals("terminated") ? at(record) : null;
        return List.of(
                value.getBpmnElementType() == BpmnElementType.PROCESS
                        ? Row.of(
                                Table.PROCESS_INSTANCE,
                                record.getKey(),
                                record.getPosition(),
                                value.getProcessDefinitionKey(),
                                value.getBpmnProcessId(),
                                value.getVersion(),
                                key(value.getParentProcessInstanceKey()),
                                key(value.getParentElementInstanceKey()),
                                state,
                                started,
                                ended)
                        : Row.of(
                                Table.ELEMENT_INSTANCE,
                                record.getKey(),
                                record.getPosition(),
                                value.getElementId(),
                                value.getBpmnElementType().name(),
                                value.getFlowScopeKey(),
                                value.getProcessInstanceKey(),
                                value.getProcessDefinitionKey(),
                                state,
                                started,
                                ended));
    }

    private static @Nullable String elementState(Record<?> record) {
        return switch ((ProcessInstanceIntent) record.getIntent()) {
            case ELEMENT_ACTIVATING -> "activating";
            case ELEMENT_ACTIVATED, ELEMENT_MIGRATED -> "active";
            case ELEMENT_COMPLETING -> "completing";
            case ELEMENT_COMPLETED -> "completed";
            case ELEMENT_TERMINATING -> "terminating";
            case ELEMENT_TERMINATED -> "terminated";
            default -> null;
        };
    }

    private static Row job(Record<?> record, JobRecordValue job) {
        JobIntent intent = (JobIntent) record.getIntent();
        boolean failed = intent == JobIntent.FAILED;
        boolean ended = intent == JobIntent.COMPLETED || intent == JobIntent.CANCELED || intent == JobIntent.ERROR_THROWN;
        return Row.of(
                Table.JOB,
                record.getKey(),
                record.getPosition(),
                job.getType(),
                job.getJobKind().name(),
                job.getElementId(),
                job.getElementInstanceKey(),
                job.getProcessInstanceKey(),
                text(job.getWorker()),
                job.getRetries(),
                word(intent.name()),
                failed || intent == JobIntent.TIMED_OUT ? 1 : 0,
                text(job.getErrorMessage()),
                text(job.getErrorCode()),
                intent == JobIntent.COMPLETED ? variable(job.getVariables(), "summary") : null,
                failed || intent == JobIntent.ERROR_THROWN ? at(record) : null,
                ended ? at(record) : null);
    }

    private static Row userTask(Record<?> record, UserTaskRecordValue task) {
        UserTaskIntent intent = (UserTaskIntent) record.getIntent();
        boolean completed = intent == UserTaskIntent.COMPLETED;
        Map<String, Object> variables = completed ? task.getVariables() : Map.of();
        return Row.of(
                Table.USER_TASK,
                task.getUserTaskKey(),
                record.getPosition(),
                task.getElementId(),
                task.getElementInstanceKey(),
                task.getProcessInstanceKey(),
                task.getProcessDefinitionKey(),
                task.getBpmnProcessId(),
                text(task.getAssignee()),
                task.getCandidateGroupsList().toArray(String[]::new),
                task.getCandidateUsersList().toArray(String[]::new),
                date(task.getDueDate()),
                key(task.getFormKey()),
                text(task.getExternalFormReference()),
                word(intent.name()),
                text(task.getAction()),
                variable(variables, "decision"),
                variable(variables, "reason"),
                variable(variables, "decidedBy"),
                intent == UserTaskIntent.CREATING || intent == UserTaskIntent.CREATED ? at(record) : null,
                completed || intent == UserTaskIntent.CANCELED ? at(record) : null);
    }

    private static Row variable(Record<?> record, VariableRecordValue variable, Mask mask) {
        return Row.of(
                Table.VARIABLE,
                record.getKey(),
                record.getPosition(),
                variable.getScopeKey(),
                variable.getProcessInstanceKey(),
                variable.getName(),
                mask.variable(variable.getName(), variable.getValue()),
                at(record));
    }

    private static Row incident(Record<?> record, IncidentRecordValue incident) {
        return Row.of(
                Table.INCIDENT,
                record.getKey(),
                record.getPosition(),
                incident.getErrorType().name(),
                incident.getErrorMessage(),
                incident.getElementId(),
                incident.getElementInstanceKey(),
                incident.getProcessInstanceKey(),
                key(incident.getJobKey()),
                record.getIntent() == IncidentIntent.CREATED ? at(record) : null,
                record.getIntent() == IncidentIntent.RESOLVED ? at(record) : null);
    }

    private static Row decision(Record<?> record, DecisionEvaluationRecordValue decision) {
        return Row.of(
                Table.DECISION_EVALUATION,
                record.getKey(),
                record.getPosition(),
                decision.getDecisionId(),
                decision.getDecisionName(),
                decision.getDecisionVersion(),
                decision.getElementId(),
                key(decision.getElementInstanceKey()),
                key(decision.getProcessInstanceKey()),
                record.getIntent() == DecisionEvaluationIntent.EVALUATED,
                text(decision.getDecisionOutput()),
                text(decision.getEvaluationFailureMessage()),
                at(record));
    }

    private static Row timer(Record<?> record, TimerRecordValue timer) {
        return Row.of(
                Table.TIMER,
                record.getKey(),
                record.getPosition(),
                timer.getTargetElementId(),
                key(timer.getElementInstanceKey()),
                key(timer.getProcessInstanceKey()),
                timer.getProcessDefinitionKey(),
                Entry.time(timer.getDueDate()),
                timer.getRepetitions(),
                word(record.getIntent().name()));
    }

    private static OffsetDateTime at(Record<?> record) {
        return Entry.time(record.getTimestamp());
    }

    private static @Nullable String text(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }

    private static @Nullable String variable(Map<String, Object> variables, String name) {
        return variables.get(name) instanceof String text ? text : null;
    }

    /** The engine writes a due date with its zone: {@code 2026-11-23T05:29:19.715Z[Etc/UTC]}. */
    private static @Nullable OffsetDateTime date(String date) {
        try {
            return date.isEmpty() ? null : ZonedDateTime.parse(date).toOffsetDateTime();
        } catch (DateTimeParseException e) {
            return null; // A date nobody can read must not stop the export; the record keeps it as written.
        }
    }

    private static String word(String intent) {
        return intent.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
