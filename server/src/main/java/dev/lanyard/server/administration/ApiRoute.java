package dev.lanyard.server.administration;

import dev.lanyard.server.http.Route;

/// A row of the route table, with what it says of itself.
public record ApiRoute(Route route, Operation operation) {
  /// The same with another limit of the body.
  public ApiRoute bodyLimit(int bytes) {
    return new ApiRoute(route.bodyLimit(bytes), operation);
  }

  /// The same below the path of an issuer.
  public ApiRoute under(String path) {
    return new ApiRoute(route.under(path), operation);
  }
}
