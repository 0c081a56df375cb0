package dev.lanyard.server.directory;

import java.util.Optional;

/// What a provider says of a person at a sign-in, for whoever keeps no directory here. Never what
/// they are found by (SEC-9).
///
/// @param userName what they sign in with; empty if it does not say
/// @param address their e-mail address
/// @param displayName what people call them; empty if it does not say
public record ToldProfile(
    Optional<String> userName, ToldAddress address, Optional<String> displayName) {
  @Override
  public String toString() {
    return "ToldProfile[hidden]";
  }
}
