package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;

/// The identifier of a client at one authorization server.
///
/// @param value 1 to 512 printable ASCII characters
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#appendix-A.1 RFC 6749 Appendix A.1
public record ClientId(String value) {

  /// @throws IllegalArgumentException if the value is not a client id; for configuration
  public ClientId {
    if (!isValid(value)) {
      throw new IllegalArgumentException("not a client id: 1 to 512 printable ASCII characters");
    }
  }

  /// Reads a client id that came from outside.
  ///
  /// @throws MalformedException if it is empty, too long or not printable ASCII
  public static ClientId parse(String value) throws MalformedException {
    try {
      return new ClientId(value);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not a client id");
    }
  }

  private static boolean isValid(String value) {
    return !value.isEmpty() && value.length() <= 512 && Identifiers.isWithin(value, ' ', '~');
  }

  @Override
  public String toString() {
    return value;
  }
}
