package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.Secret;
import java.util.Optional;

/// What a server is shown for one call.
public sealed interface Presented {
  /// A header of ours.
  ///
  /// @param grant names what it is of, if that can be taken back
  record With(String header, Secret value, Optional<String> grant) implements Presented {
    /// One for everybody.
    public With(String header, Secret value) {
      this(header, value, Optional.empty());
    }
  }

  /// Nothing: the server asks for nothing of us.
  record Nothing() implements Presented {}

  /// The person may have nothing there, has consented to nothing, or not any more.
  ///
  /// @param why for the person: what is missing and what to do
  record Missing(String why) implements Presented {}

  /// The person has to sign in again before it can be had.
  record StepUp(SignInNeeded needed) implements Presented {}

  /// It cannot be had now.
  ///
  /// @param why for an operator
  record Unavailable(String why) implements Presented {}
}
