package io.firedrill.tasklist;

import java.util.List;
import java.util.function.Supplier;
import org.opensearch.client.node.NodeClient;
import org.opensearch.cluster.metadata.IndexNameExpressionResolver;
import org.opensearch.cluster.node.DiscoveryNodes;
import org.opensearch.common.settings.ClusterSettings;
import org.opensearch.common.settings.IndexScopedSettings;
import org.opensearch.common.settings.Setting;
import org.opensearch.common.settings.Settings;
import org.opensearch.common.settings.SettingsFilter;
import org.opensearch.core.rest.RestStatus;
import org.opensearch.plugins.ActionPlugin;
import org.opensearch.plugins.Plugin;
import org.opensearch.rest.BaseRestHandler;
import org.opensearch.rest.BytesRestResponse;
import org.opensearch.rest.RestController;
import org.opensearch.rest.RestHandler;
import org.opensearch.rest.RestRequest;

/**
 * Stands in for OpenSearch's index state management, which the bare server lacks and Camunda's applications ask for when they
 * start: it takes their policies and does nothing with them.
 */
public final class IndexStates extends Plugin implements ActionPlugin {
    private static final String PATH = "/_plugins/_ism/";

    @Override
    public List<Setting<?>> getSettings() {
        return List.of(Setting.simpleString(
                "index.plugins.index_state_management.policy_id", Setting.Property.IndexScope, Setting.Property.Dynamic));
    }

    @Override
    public List<RestHandler> getRestHandlers(
            Settings settings,
            RestController controller,
            ClusterSettings clusterSettings,
            IndexScopedSettings indexSettings,
            SettingsFilter filter,
            IndexNameExpressionResolver names,
            Supplier<DiscoveryNodes> nodes) {
        return List.of(new Yes());
    }

    private static final class Yes extends BaseRestHandler {
        @Override
        public String getName() {
            return "index_states";
        }

        @Override
        public List<Route> routes() {
            return List.of(
                    new Route(RestRequest.Method.PUT, PATH + "policies/{id}"),
                    new Route(RestRequest.Method.GET, PATH + "policies/{id}"),
                    new Route(RestRequest.Method.POST, PATH + "add/{id}"),
                    new Route(RestRequest.Method.POST, PATH + "remove/{id}"));
        }

        @Override
        protected RestChannelConsumer prepareRequest(RestRequest request, NodeClient client) {
            request.param("id");
            request.content();
            boolean asked = request.method() == RestRequest.Method.GET;
            return channel -> channel.sendResponse(
                    asked
                            ? new BytesRestResponse(RestStatus.NOT_FOUND, "application/json", "{}")
                            : new BytesRestResponse(RestStatus.OK, "application/json", "{\"updated_indices\":0,\"failures\":false}"));
        }
    }
}
