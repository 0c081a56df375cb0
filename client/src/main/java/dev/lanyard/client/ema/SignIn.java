package dev.lanyard.client.ema;

import dev.lanyard.client.Denial;

/// How the sign-in of a person ended.

public sealed interface SignIn {
  /// Somebody has signed in. Whether it is the person who was expected is not judged yet.
  record SignedIn(Session session) implements SignIn {}

  /// The identity provider, or the person, says no.
  record Denied(Denial denial) implements SignIn {}

  /// What came back must not be used: an answer from another issuer, a wrong ID token. An attack or
  /// a mistake.
  record Stopped(String why) implements SignIn {}

  /// Somebody is down, or nobody came in time. Try again.
  record Unavailable(String why) implements SignIn {}

  /// Nobody can be asked now.
  record Impossible() implements SignIn {}
}
