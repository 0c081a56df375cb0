package dev.lanyard.server.console.api;

import dev.lanyard.server.administration.Call;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Response;

/// Between a change of what is in force and its record there is a moment.
final class NotYet {
  private NotYet() {}

  static Response answer(Call call) {
    return call.problem(
            Kind.UNAVAILABLE, "Nothing was done: what is in force is just being recorded.")
        .withHeader("Retry-After", "2");
  }
}
