package dev.lanyard.server.token;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Supplier;

/// An introspection response as a JWT: for a resource server that must prove later what it was
/// told, such as one that lets somebody sign on the strength of a token (TOK-12). Thread-safe.
///
/// It has neither `sub` nor `exp` of its own, so that nobody can take it for an access token.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9701.html#section-5 RFC 9701 §5
public final class SignedIntrospection {
  /// The `typ` header.
  public static final String TYPE = "token-introspection+jwt";

  private static final String MEDIA_TYPE = "application/" + TYPE;

  private final Issuer self;
  private final Supplier<SigningKey> key;
  private final InstantSource clock;

  /// @param key answers the key that signs now
  public SignedIntrospection(Issuer self, Supplier<SigningKey> key, InstantSource clock) {
    this.self = self;
    this.key = key;
    this.clock = clock;
  }

  /// Whether the caller has asked for it, by naming the media type in `Accept`.
  static boolean isWanted(Request request) {
    return request.headers("Accept").stream()
        .flatMap(header -> Arrays.stream(header.split(",", -1)))
        .map(range -> range.strip().toLowerCase(Locale.ROOT).replace(" ", ""))
        .anyMatch(range ->
            range.equals(MEDIA_TYPE)
                || (range.startsWith(MEDIA_TYPE + ";") && !range.matches(".*;q=0(\\.0*)?")));
  }

  /// @param caller the resource server, who is the only audience
  /// @param answer as it would have been told without a signature
  Response response(ClientId caller, JsonObject answer) {
    var claims =
        JsonObject.builder()
            .put("iss", self.value())
            .put("aud", caller.value())
            .put("iat", clock.instant().getEpochSecond())
            .put("token_introspection", answer)
            .build();
    var jwt = new JwtSigner(key.get(), TYPE).sign(claims);
    return Response.bytes(200, MEDIA_TYPE, jwt.getBytes(StandardCharsets.US_ASCII));
  }
}
