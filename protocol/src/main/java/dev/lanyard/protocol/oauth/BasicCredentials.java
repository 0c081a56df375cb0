package dev.lanyard.protocol.oauth;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// A client's id and secret in the `Authorization` header. Both are form-encoded *before* they are
/// joined, so that a colon or a plus in them survives (TOK-2).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-2.3.1 RFC 6749 §2.3.1
public record BasicCredentials(ClientId client, Secret secret) {
  private static final String SCHEME = "Basic ";
  private static final int MAX_LENGTH = 8 * 1024;

  /// Reads the value of an `Authorization` header; the scheme's case does not matter.
  ///
  /// @throws MalformedException if it is of another scheme, too long, not base64, not UTF-8, or has
  ///   no colon, no client id or a broken escape
  public static BasicCredentials parse(String header) throws MalformedException {
    if (header.length() > MAX_LENGTH || !isBasic(header)) {
      throw new MalformedException("not Basic credentials");
    }
    var text = decoded(header.substring(SCHEME.length()).strip());
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new MalformedException("Basic credentials have no colon");
    }
    return new BasicCredentials(
        ClientId.parse(Form.decode(text.substring(0, colon))),
        new Secret(Form.decode(text.substring(colon + 1))));
  }

  /// Whether the header is of this scheme at all, however broken its rest may be.
  public static boolean isBasic(String header) {
    return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
  }

  private static String decoded(String base64) throws MalformedException {
    try {
      return StrictUtf8.decode(Base64.getDecoder().decode(base64));
    } catch (IllegalArgumentException e) {
      // The JDK's decoder has no other way to say it.
      throw new MalformedException("Basic credentials are not base64");
    }
  }

  /// The value of the `Authorization` header. A credential: never log it.
  public String toHeader() {
    var joined = formEncoded(client.value()) + ":" + formEncoded(secret.reveal());
    return SCHEME + Base64.getEncoder().encodeToString(joined.getBytes(StandardCharsets.US_ASCII));
  }

  private static String formEncoded(String part) {
    return URLEncoder.encode(part, StandardCharsets.UTF_8);
  }
}
