package dev.lanyard.server.administration;

import dev.lanyard.server.http.Response;

/// Whether a call is let in.
sealed interface Admission {
  record Admitted(Caller caller) implements Admission {}

  record TurnedAway(Response answer) implements Admission {}
}
