package dev.lanyard.server.administration;

import dev.lanyard.server.http.Request;

/// Decides who may call what. Thread-safe.
sealed interface Callers permits AdminBearers, AccessTokens {
  Admission admit(Request request, Operation operation);
}
