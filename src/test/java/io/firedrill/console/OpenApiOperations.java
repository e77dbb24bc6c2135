package io.firedrill.console;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.ValueConstants;

/** The calls of the REST controllers as OpenAPI describes them. */
final class OpenApiOperations {
    private static final Pattern STARTS = Pattern.compile("/api/(backups|drills|recoveries|incidents/\\{id}/(undo|close))");

    private final OpenApiSchemas schemas = new OpenApiSchemas();
    private final List<Operation> all = new ArrayList<>();

    record Operation(String verb, String path, Map<String, Object> described) {
        String call() {
            return verb.toUpperCase(Locale.ROOT) + " " + path;
        }
    }

    List<Operation> list() {
        return all;
    }

    Map<String, Object> schemas() {
        return schemas.all();
    }

    void add(Class<?> controller) {
        RequestMapping above = AnnotatedElementUtils.findMergedAnnotation(controller, RequestMapping.class);
        String base = above == null || above.path().length == 0 ? "" : above.path()[0];
        Method[] methods = controller.getDeclaredMethods();
        Arrays.sort(methods, (a, b) -> a.getName().compareTo(b.getName()));
        for (Method method : methods) {
            RequestMapping mapping = AnnotatedElementUtils.findMergedAnnotation(method, RequestMapping.class);
            if (mapping != null) {
                String path = Arrays.stream(mapping.path().length == 0 ? new String[] {""} : mapping.path())
                        .map(own -> base + own).filter(full -> full.startsWith("/api")).findFirst().orElseThrow();
                String verb = mapping.method()[0].name().toLowerCase(Locale.ROOT);
                all.add(new Operation(verb, path, described(controller, method, mapping, verb, path)));
            }
        }
    }

    private Map<String, Object> described(Class<?> controller, Method method, RequestMapping mapping, String verb, String path) {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operationId", lower(controller.getSimpleName().replace("Controller", "")) + "-" + method.getName());
        operation.put("tags", List.of(path.split("/")[2].replace(".json", "")));
        List<Object> parameters = new ArrayList<>();
        for (Parameter parameter : method.getParameters()) {
            parameter(parameter, path, parameters, operation);
        }
        if (Arrays.asList(mapping.params()).contains("dryRun")) {
            parameters.add(parameter("dryRun", "query", false, Map.of("type", "string")));
        } else if (verb.equals("post") && STARTS.matcher(path).matches()) {
            parameters.add(parameter("Idempotency-Key", "header", false, new LinkedHashMap<>(Map.of("type", "string"))));
        }
        if (!parameters.isEmpty()) {
            operation.put("parameters", parameters);
        }
        operation.put("responses", responses(method, mapping));
        return operation;
    }

    private void parameter(Parameter parameter, String path, List<Object> parameters, Map<String, Object> operation) {
        RequestParam query = parameter.getAnnotation(RequestParam.class);
        if (parameter.isAnnotationPresent(PathVariable.class)) {
            parameters.add(parameter(parameter.getName(), "path", true, schemas.of(parameter.getAnnotatedType())));
        } else if (query != null) {
            boolean defaulted = !query.defaultValue().equals(ValueConstants.DEFAULT_NONE);
            Map<String, Object> schema = new LinkedHashMap<>(schemas.of(parameter.getAnnotatedType()));
            if (defaulted) {
                schema.put("default", schema.get("type").equals("integer") ? Long.valueOf(query.defaultValue()) : query.defaultValue());
            }
            parameters.add(parameter(parameter.getName(), "query", query.required() && !defaulted, schema));
        } else if (parameter.isAnnotationPresent(RequestBody.class)) {
            Map<String, Object> json = Map.of("schema", schemas.of(parameter.getAnnotatedType()));
            operation.put("requestBody", new LinkedHashMap<>(Map.of("content", path.equals("/api/alerts")
                    ? Map.of("*/*", Map.of("schema", Map.of()))
                    : Map.of("application/json", json))));
        } else if (parameter.getType() == Actor.class) {
            parameters.add(parameter(Actor.HEADER, "header", false, Map.of("type", "string")));
        }
    }

    private static Map<String, Object> parameter(String name, String in, boolean required, Map<String, Object> schema) {
        Map<String, Object> parameter = new LinkedHashMap<>();
        parameter.put("name", name);
        parameter.put("in", in);
        parameter.put("required", required);
        parameter.put("schema", schema);
        return parameter;
    }

    private Map<String, Object> responses(Method method, RequestMapping mapping) {
        ResponseStatus status = method.getAnnotation(ResponseStatus.class);
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("description", "Done");
        if (status == null || status.value().value() != 204) {
            String type = mapping.produces().length > 0 ? mapping.produces()[0] : schemas.mediaType(method.getGenericReturnType());
            answer.put("content", Map.of(type, type.equals("application/json")
                    ? Map.of("schema", schemas.of(method.getAnnotatedReturnType()))
                    : Map.of("schema", Map.of("type", "string"))));
        }
        Map<String, Object> responses = new LinkedHashMap<>();
        responses.put(String.valueOf(status == null ? 200 : status.value().value()), answer);
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put("description", "It was not done");
        problem.put("content", Map.of("application/problem+json", Map.of("schema", Map.of("$ref", "#/components/schemas/Problem"))));
        responses.put("default", problem);
        return responses;
    }

    /** One path and verb that two methods share, told apart by a parameter. */
    @SuppressWarnings("unchecked")
    static Object both(Object one, Object other) {
        Map<String, Object> merged = new LinkedHashMap<>((Map<String, Object>) one);
        Map<String, Object> second = (Map<String, Object>) other;
        List<Object> parameters = new ArrayList<>((List<Object>) merged.getOrDefault("parameters", List.of()));
        ((List<Object>) second.getOrDefault("parameters", List.of())).stream().filter(each -> !parameters.contains(each)).forEach(parameters::add);
        merged.put("parameters", parameters);
        merged.put("operationId", second.get("operationId"));
        Map<String, Object> responses = new LinkedHashMap<>((Map<String, Object>) second.get("responses"));
        responses.putAll((Map<String, Object>) merged.get("responses"));
        merged.put("responses", responses);
        return merged;
    }

    private static String lower(String name) {
        Matcher first = Pattern.compile("^[A-Z]").matcher(name);
        return first.replaceFirst(letter -> letter.group().toLowerCase(Locale.ROOT));
    }
}
