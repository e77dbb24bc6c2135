package io.firedrill.engine;

import io.camunda.client.CamundaClient;
import io.camunda.client.api.command.DeployResourceCommandStep1.DeployResourceCommandStep2;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;

/** The processes, decisions and forms that come with Firedrill. */
public final class Deployment {
    private Deployment() {}

    /** Deploys all of them in one go; what has not changed keeps its version. */
    public static void deploy(CamundaClient client) {
        List<Resource> resources = all();
        DeployResourceCommandStep2 command = null;
        for (Resource resource : resources) {
            String name = Objects.requireNonNull(resource.getFilename());
            command = command == null
                    ? client.newDeployResourceCommand().addResourceBytes(bytes(resource), name)
                    : command.addResourceBytes(bytes(resource), name);
        }
        Objects.requireNonNull(command, "no processes on the class path").send().join();
    }

    public static CaughtFailures caughtFailures() {
        return CaughtFailures.in(all().stream()
                .filter(resource -> Objects.requireNonNull(resource.getFilename()).endsWith(".bpmn"))
                .map(Deployment::model)
                .toList());
    }

    private static io.camunda.zeebe.model.bpmn.BpmnModelInstance model(Resource resource) {
        try (InputStream in = resource.getInputStream()) {
            return CaughtFailures.read(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Resource> all() {
        try {
            var resolver = new PathMatchingResourcePatternResolver();
            return List.of("classpath*:bpmn/*.bpmn", "classpath*:bpmn/*.dmn", "classpath*:forms/*.form").stream()
                    .flatMap(pattern -> Arrays.stream(find(resolver, pattern)))
                    // The same file may be on the class path twice (as a folder and in a jar): the first one counts.
                    .collect(Collectors.toMap(Resource::getFilename, Function.identity(), (first, later) -> first, TreeMap::new))
                    .values()
                    .stream()
                    .toList();
        } catch (UncheckedIOException e) {
            throw new IllegalStateException("the processes could not be read from the class path", e);
        }
    }

    private static Resource[] find(PathMatchingResourcePatternResolver resolver, String pattern) {
        try {
            return resolver.getResources(pattern);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] bytes(Resource resource) {
        try {
            return resource.getContentAsByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
