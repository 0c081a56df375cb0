package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;

/// The identifier of a protected resource, kept byte for byte as it was written (META-12).
///
/// @param value an absolute http(s) URI without fragment
/// @spec https://www.rfc-editor.org/rfc/rfc8707.html#section-2 RFC 8707 §2
public record ResourceIndicator(String value) {

  /// @throws IllegalArgumentException if the value is not a resource identifier; for configuration
  public ResourceIndicator {
    var fault = Identifiers.faultOf(value, "resource");
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
  }

  /// Reads a resource identifier that came from outside.
  ///
  /// @throws MalformedException if it is not an absolute http(s) URI without fragment
  public static ResourceIndicator parse(String value) throws MalformedException {
    try {
      return new ResourceIndicator(value);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not an absolute resource URI without fragment");
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
