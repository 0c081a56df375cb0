package dev.lanyard.server.condition;

import dev.lanyard.protocol.claims.AuthenticationContext;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/// What a condition is about: who asks for what, through what, and how they signed in.
public interface Situation {
  /// `person.id`.
  String personId();

  /// `person.user_name`; an expression that asks for it fails if there is none that counts.
  Optional<String> userName();

  /// `person.email`; the empty text if there is none. An expression that asks for it fails if this
  /// is empty: there is one, and nobody has verified it.
  Optional<String> email();

  /// `groups`.
  Collection<String> groups();

  /// `client`: the client's id at the broker.
  String client();

  /// `connector`: its name in the library.
  String connector();

  /// `tool`; the empty text in the expression where the question is not about a tool.
  Optional<String> tool();

  /// `auth.acr`, `auth.amr`, `auth.auth_time`. What is unknown is the empty text, the empty list
  /// and the year 1970: a condition that asks for a strong or a recent sign-in is then not met.
  AuthenticationContext authentication();

  /// `now`.
  Instant now();
}
