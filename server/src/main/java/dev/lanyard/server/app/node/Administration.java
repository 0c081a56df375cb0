package dev.lanyard.server.app.node;

import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.diagnosis.DiagnosisEndpoint;
import dev.lanyard.server.diagnosis.Diagnostics;
import java.util.ArrayList;
import java.util.List;

/// What the JSON API of administrators offers at every listener.
record Administration(GovernanceNode governance, Planning planning, Diagnostics diagnostics) {

  List<ApiRoute> routes(Api api) {
    var routes = new ArrayList<>(governance.routes(api));
    routes.addAll(planning.routes(api));
    routes.addAll(new DiagnosisEndpoint(diagnostics, api).routes());
    return List.copyOf(routes);
  }
}
