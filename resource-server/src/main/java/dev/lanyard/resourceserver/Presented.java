package dev.lanyard.resourceserver;

import dev.lanyard.protocol.oauth.AccessTokenType;
import dev.lanyard.protocol.oauth.Secret;

/// What a request brings as its token.
sealed interface Presented {
  /// One token in the `Authorization` header.
  record Token(AccessTokenType type, Secret token) implements Presented {}

  /// None, or credentials of another scheme.
  record Nothing() implements Presented {}

  /// Not to be understood.
  record Malformed(String detail) implements Presented {}

  /// Without a pattern: this runs at every call, over the whole token.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-2.1 RFC 6750 §2.1: `b64token`
  private static boolean isB64Token(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '=') {
      end--;
    }
    for (int i = 0; i < end; i++) {
      char c = text.charAt(i);
      boolean isLetterOrDigit =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!isLetterOrDigit && "-._~+/".indexOf(c) < 0) {
        return false;
      }
    }
    return end > 0;
  }

  static Presented in(GuardedRequest request) {
    var headers = request.authorization();
    if (headers.isEmpty()) {
      return new Nothing();
    }
    if (headers.size() > 1) {
      return new Malformed("there is more than one Authorization header");
    }
    var header = headers.getFirst().strip();
    int space = header.indexOf(' ');
    var scheme = AccessTokenType.of(space < 0 ? header : header.substring(0, space));
    if (scheme.isEmpty()) {
      return new Nothing();
    }
    var token = space < 0 ? "" : header.substring(space).strip();
    if (!isB64Token(token)) {
      return new Malformed("the Authorization header holds no token");
    }
    if (request.hasTokenInQuery()) {
      return new Malformed("there is a token in the header and another in the query");
    }
    return new Token(scheme.get(), new Secret(token));
  }
}
