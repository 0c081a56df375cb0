package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;

/// The identifier of an authorization server. Two issuers are the same only if they are so byte for
/// byte: no slash, case or port is ever normalised (META-3).
///
/// @param value an `https` URL (or `http` for servers under test) without query and fragment
/// @spec https://www.rfc-editor.org/rfc/rfc8414.html#section-2 RFC 8414 §2
public record Issuer(String value) {

  /// @throws IllegalArgumentException if the value is not an issuer; for configuration and tests.
  ///   For input from outside use [#parse(String)].
  public Issuer {
    var fault = Identifiers.faultOf(value, "issuer");
    if (fault.isPresent()) {
      throw new IllegalArgumentException(fault.get());
    }
    if (value.indexOf('?') >= 0) {
      throw new IllegalArgumentException("the issuer has a query: " + value);
    }
  }

  /// Reads an issuer that came from outside.
  ///
  /// @throws MalformedException if it is not an absolute http(s) URL without query and fragment
  public static Issuer parse(String value) throws MalformedException {
    try {
      return new Issuer(value);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("not an issuer identifier");
    }
  }

  public URI uri() {
    return URI.create(value);
  }

  /// Whether both differ at most in one slash at the end: what a client that was configured by hand
  /// sends. For finding a *registered* server only, never for comparing what was signed.
  public boolean equalsButForTrailingSlash(String other) {
    return strip(value).equals(strip(other));
  }

  private static String strip(String url) {
    return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
  }

  @Override
  public String toString() {
    return value;
  }
}
