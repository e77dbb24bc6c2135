package io.firedrill.runbook;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a class whose public methods are the service tasks of these BPMN processes. A method's name in kebab-case is the
 * job type; its one record parameter names the variables it reads, its result record the variables it writes.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Process {
    /** Process ids; several where processes share the steps. */
    String[] value();
}
