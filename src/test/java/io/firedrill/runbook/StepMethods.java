package io.firedrill.runbook;

import java.io.File;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.net.URISyntaxException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The steps that {@code io.firedrill.runbook} offers: public methods of its {@link Process} classes taking a record. */
record StepMethods(List<Method> methods) {
    static StepMethods find() throws IOException {
        List<Method> found = new ArrayList<>();
        for (Class<?> type : classes()) {
            Arrays.stream(type.getDeclaredMethods())
                    .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                    .filter(method -> method.getParameterCount() > 0 && method.getParameterTypes()[0].isRecord())
                    .forEach(found::add);
        }
        return new StepMethods(found);
    }

    List<String> jobTypes() {
        return methods.stream().map(StepMethods::jobType).toList();
    }

    Method of(String jobType) {
        return methods.stream()
                .filter(method -> jobType(method).equals(jobType))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No method in io.firedrill.runbook for job type " + jobType));
    }

    /** Variables the step must find; those it can do without are {@code @Nullable}. */
    Set<String> needed(String jobType) {
        return components(of(jobType).getParameterTypes()[0], false);
    }

    /** Variables the step fetches. */
    Set<String> read(String jobType) {
        return components(of(jobType).getParameterTypes()[0], true);
    }

    Set<String> written(String jobType) {
        return components(of(jobType).getReturnType(), true);
    }

    private static Set<String> components(Class<?> type, boolean nullable) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> nullable || !mayBeNull(component))
                .map(RecordComponent::getName)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static boolean mayBeNull(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static String jobType(Method method) {
        return method.getName().replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }

    private static List<Class<?>> classes() throws IOException {
        List<Class<?>> classes = new ArrayList<>();
        String folder = StepMethods.class.getPackageName().replace('.', '/');
        for (URL url : Collections.list(StepMethods.class.getClassLoader().getResources(folder))) {
            for (String name : files(url)) {
                Class<?> type = load(name);
                if (type.isAnnotationPresent(Process.class)) {
                    classes.add(type);
                }
            }
        }
        return classes;
    }

    private static List<String> files(URL folder) {
        try {
            String[] names = new File(folder.toURI()).list();
            return Stream.of(names == null ? new String[0] : names)
                    .filter(name -> name.endsWith(".class") && !name.contains("$") && !name.startsWith("package-info"))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .toList();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(StepMethods.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
