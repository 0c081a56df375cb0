package dev.lanyard.server.console.api;

import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Caller;
import dev.lanyard.server.console.Actor;
import java.time.InstantSource;

/// Who acts by a call that needs somebody.
final class Acting {
  private Acting() {}

  /// @throws IllegalStateException if it is a program by itself, which no such call lets in
  static Actor by(Call call, InstantSource clock) {
    return switch (call.caller()) {
      case Caller.Somebody(var person, var client) ->
          new Actor(person, client, clock.instant(), call.correlationId());
      case Caller.Program _ ->
          throw new IllegalStateException("a program by itself was let in to act for nobody");
    };
  }
}
