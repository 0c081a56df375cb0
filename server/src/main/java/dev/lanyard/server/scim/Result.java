package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import java.util.Optional;

/// What came of an operation, alone or in a bulk.
///
/// @param location where the resource is, if it is somewhere now
/// @param version its entity tag, where the connection is told of those
record Result(
    int status, Optional<Complex> body, Optional<String> location, Optional<String> version) {

  static Result of(int status, Complex resource, Projection projection) {
    var meta = resource.get("meta").map(Complex.class::cast).orElse(Complex.EMPTY);
    return new Result(
        status, Optional.of(projection.of(resource)), meta.text("location"), meta.text("version"));
  }

  static Result ok(Complex body) {
    return new Result(200, Optional.of(body), Optional.empty(), Optional.empty());
  }

  static Result empty(int status) {
    return new Result(status, Optional.empty(), Optional.empty(), Optional.empty());
  }

  Result withoutBody(int otherStatus) {
    return new Result(otherStatus, Optional.empty(), location, version);
  }

  /// 204 instead of the resource, unless somebody asked for parts of it.
  Result emptyUnless(boolean asked) {
    return asked ? this : withoutBody(204);
  }
}
