package dev.lanyard.server.saml;

import java.util.Locale;

/// What a provider must sign of an answer to a sign-in.
public enum Signed {
  /// The assertion, in whatever it travels.
  ASSERTION,
  /// The whole response, and with it the assertion.
  RESPONSE,
  /// One of them, so that a good signature covers the assertion.
  EITHER;

  /// As it is written in the configuration.
  ///
  /// @throws IllegalArgumentException if it is none of them
  public static Signed named(String word) {
    for (var one : values()) {
      if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
        return one;
      }
    }
    throw new IllegalArgumentException("'" + word + "' is none of assertion, response, either");
  }
}
