package dev.lanyard.server.directory;

import java.util.Optional;

/// What a provider says of somebody's e-mail address, as far as it is believed (SEC-9).
public sealed interface ToldAddress {
  /// The address.
  ///
  /// @param verified whether somebody who may speak for it has verified it; others are told just
  ///   that
  record Named(String value, boolean verified) implements ToldAddress {
    @Override
    public String toString() {
      return "Named[hidden]";
    }
  }

  /// The person has no address that is believed.
  ///
  /// @param dropped why the one that was said is not; empty if none was said
  record None(Optional<String> dropped) implements ToldAddress {}

  /// The provider is not asked for addresses.
  record Unsaid() implements ToldAddress {}

  /// The address, if there is one.
  default Optional<String> address() {
    return this instanceof Named(var value, _) ? Optional.of(value) : Optional.empty();
  }

  /// Whether there is one, and it is verified.
  default boolean isVerified() {
    return this instanceof Named(_, var verified) && verified;
  }

  /// Why the address that was said is not believed; empty if it is, or none was said.
  default Optional<String> reason() {
    return this instanceof None(var why) ? why : Optional.empty();
  }
}
