package io.firedrill.engine;

import io.firedrill.runbook.Process;
import io.firedrill.runbook.StepContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * One service task's worker: a public method of a {@link Process} class taking a record (and, if it likes, the
 * {@link StepContext}) and returning a record.
 */
record StepMethod(Object runbook, Method method) {
    static List<StepMethod> of(Object runbook) {
        if (!runbook.getClass().isAnnotationPresent(Process.class)) {
            throw new IllegalArgumentException(runbook.getClass() + " is not a @Process");
        }
        return Arrays.stream(runbook.getClass().getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getParameterCount() > 0 && method.getParameterTypes()[0].isRecord())
                .map(method -> new StepMethod(runbook, method))
                .toList();
    }

    String jobType() {
        return method.getName().replaceAll("([a-z])([A-Z])", "$1-$2").toLowerCase(Locale.ROOT);
    }

    Class<?> input() {
        return method.getParameterTypes()[0];
    }

    /** The variables it reads. */
    List<String> variables() {
        return Stream.of(input().getRecordComponents()).map(RecordComponent::getName).toList();
    }

    Object call(Object input, StepContext context) {
        try {
            return method.getParameterCount() == 1
                    ? method.invoke(runbook, input)
                    : method.invoke(runbook, input, context);
        } catch (InvocationTargetException e) {
            throw e.getCause() instanceof RuntimeException own ? own : new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
