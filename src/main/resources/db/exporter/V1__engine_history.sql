-- The engine's log as tables. Run once, by the exporter, under an advisory lock.
-- Every row of a typed table carries the position of the last record it took in, so that a replay changes nothing.
-- No b-tree index on text that users choose: a value too long for one would stop the export for ever.

create table engine_history.record (
    partition integer not null,
    position bigint not null,
    at timestamptz not null,
    value_type text not null,
    intent text not null,
    record_key bigint not null,
    process_instance_key bigint,
    element_id text,
    record json not null,
    primary key (partition, position)
);
create index record_process_instance on engine_history.record (process_instance_key, position);
comment on table engine_history.record is 'Every exported record as the engine wrote it, append-only';

create table engine_history.progress (
    partition integer primary key,
    position bigint not null,
    at timestamptz not null,
    exported_at timestamptz not null
);
comment on table engine_history.progress is 'Newest exported record of each partition, and when it was written here';

create table engine_history.process_definition (
    key bigint primary key,
    process_id text not null,
    version integer not null,
    version_tag text,
    resource_name text not null,
    resource bytea not null,
    deployed_at timestamptz not null,
    position bigint not null
);

create table engine_history.form (
    key bigint primary key,
    form_id text not null,
    version integer not null,
    resource bytea not null,
    deployed_at timestamptz not null,
    position bigint not null
);

create table engine_history.process_instance (
    key bigint primary key,
    process_definition_key bigint not null,
    process_id text not null,
    version integer not null,
    parent_process_instance_key bigint,
    parent_element_instance_key bigint,
    state text not null,
    started_at timestamptz,
    ended_at timestamptz,
    position bigint not null
);
create index process_instance_parent on engine_history.process_instance (parent_process_instance_key);
create index process_instance_started on engine_history.process_instance (started_at desc, key desc)
    where parent_process_instance_key is null;

create table engine_history.element_instance (
    key bigint primary key,
    element_id text not null,
    type text not null,
    flow_scope_key bigint not null,
    process_instance_key bigint not null,
    process_definition_key bigint not null,
    state text not null,
    started_at timestamptz,
    ended_at timestamptz,
    position bigint not null
);
create index element_instance_process_instance on engine_history.element_instance (process_instance_key);

create table engine_history.job (
    key bigint primary key,
    type text not null,
    kind text not null,
    element_id text not null,
    element_instance_key bigint not null,
    process_instance_key bigint not null,
    worker text,
    retries integer not null,
    state text not null,
    failures integer not null,
    error_message text,
    error_code text,
    summary text,
    failed_at timestamptz,
    ended_at timestamptz,
    position bigint not null
);
create index job_element_instance on engine_history.job (element_instance_key);
create index job_process_instance on engine_history.job (process_instance_key);

create table engine_history.user_task (
    key bigint primary key,
    element_id text not null,
    element_instance_key bigint not null,
    process_instance_key bigint not null,
    process_definition_key bigint not null,
    process_id text not null,
    assignee text,
    candidate_groups text[] not null,
    candidate_users text[] not null,
    due timestamptz,
    form_key bigint,
    form_reference text,
    state text not null,
    action text,
    decision text,
    reason text,
    decided_by text,
    created_at timestamptz,
    ended_at timestamptz,
    position bigint not null
);
create index user_task_process_instance on engine_history.user_task (process_instance_key);
create index user_task_element_instance on engine_history.user_task (element_instance_key);
create index user_task_open on engine_history.user_task (created_at) where ended_at is null;

create table engine_history.variable (
    key bigint primary key,
    scope_key bigint not null,
    process_instance_key bigint not null,
    name text not null,
    value text not null,
    changed_at timestamptz not null,
    position bigint not null
);
create index variable_scope on engine_history.variable (scope_key);
create index variable_incident on engine_history.variable using hash (value) where name = 'incident';
comment on column engine_history.variable.value is 'JSON';

create table engine_history.incident (
    key bigint primary key,
    error_type text not null,
    message text not null,
    element_id text not null,
    element_instance_key bigint not null,
    process_instance_key bigint not null,
    job_key bigint,
    created_at timestamptz,
    resolved_at timestamptz,
    position bigint not null
);
create index incident_process_instance on engine_history.incident (process_instance_key);

create table engine_history.decision_evaluation (
    key bigint primary key,
    decision_id text not null,
    decision_name text not null,
    decision_version integer not null,
    element_id text not null,
    element_instance_key bigint,
    process_instance_key bigint,
    succeeded boolean not null,
    output text,
    failure text,
    evaluated_at timestamptz not null,
    position bigint not null
);
create index decision_evaluation_process_instance on engine_history.decision_evaluation (process_instance_key);

create table engine_history.timer (
    key bigint primary key,
    target_element_id text not null,
    element_instance_key bigint,
    process_instance_key bigint,
    process_definition_key bigint not null,
    due timestamptz not null,
    repetitions integer not null,
    state text not null,
    position bigint not null
);
create index timer_process_instance on engine_history.timer (process_instance_key);
