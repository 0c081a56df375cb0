package dev.lanyard.server.http;

import java.util.EnumSet;
import java.util.Set;

/// One row of the route table.
///
/// @param methods the methods it serves
/// @param pattern a path whose segments may be parameters: `/callback/{upstream}`
/// @param access who may call it
/// @param blocking whether the handler may wait (then it gets a virtual thread) or answers from
///   memory
/// @param crossOrigin whether scripts of other origins may call it
/// @param bodyLimit the largest body in bytes; a larger one is answered with 413
public record Route(
    Set<Method> methods,
    String pattern,
    Access access,
    Handler handler,
    boolean blocking,
    CrossOrigin crossOrigin,
    int bodyLimit) {
  /// What a route takes that says nothing else, in bytes.
  static final int DEFAULT_BODY_LIMIT = 64 * 1024;

  public Route {
    methods = Set.copyOf(methods);
    if (!pattern.startsWith("/")) {
      throw new IllegalArgumentException("a route starts with '/': " + pattern);
    }
  }

  public static Route get(String pattern, Access access, Handler handler) {
    return of(Set.of(Method.GET), pattern, access, handler);
  }

  public static Route post(String pattern, Access access, Handler handler) {
    return of(Set.of(Method.POST), pattern, access, handler);
  }

  public static Route put(String pattern, Access access, Handler handler) {
    return of(Set.of(Method.PUT), pattern, access, handler);
  }

  public static Route patch(String pattern, Access access, Handler handler) {
    return of(Set.of(Method.PATCH), pattern, access, handler);
  }

  public static Route delete(String pattern, Access access, Handler handler) {
    return of(Set.of(Method.DELETE), pattern, access, handler);
  }

  /// A route that serves every method.
  public static Route any(String pattern, Access access, Handler handler) {
    return of(EnumSet.allOf(Method.class), pattern, access, handler);
  }

  private static Route of(Set<Method> methods, String pattern, Access access, Handler handler) {
    return new Route(
        methods, pattern, access, handler, true, CrossOrigin.REFUSED, DEFAULT_BODY_LIMIT);
  }

  /// The same route with another handler.
  Route handledBy(Handler another) {
    return new Route(methods, pattern, access, another, blocking, crossOrigin, bodyLimit);
  }

  /// The same route for a handler that never waits: it answers on the thread that read the request.
  public Route nonBlocking() {
    return new Route(methods, pattern, access, handler, false, crossOrigin, bodyLimit);
  }

  /// The same route, open to scripts of every origin. Never for a route that reads cookies.
  public Route anyOrigin() {
    return new Route(methods, pattern, access, handler, blocking, CrossOrigin.ALLOWED, bodyLimit);
  }

  /// The same route with another limit of the body.
  public Route bodyLimit(int bytes) {
    return new Route(methods, pattern, access, handler, blocking, crossOrigin, bytes);
  }

  /// The same route below a path, e.g. that of an issuer. An empty path leaves it where it is.
  public Route under(String path) {
    var prefix = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    return new Route(methods, prefix + pattern, access, handler, blocking, crossOrigin, bodyLimit);
  }
}
