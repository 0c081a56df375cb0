package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// The claims of a JWT, the registered ones with their types.
///
/// @param issuer `iss`
/// @param subject `sub`
/// @param audience `aud`; empty when absent
/// @param expiresAt `exp`
/// @param issuedAt `iat`
/// @param notBefore `nbf`
/// @param id `jti`
/// @param all every claim
/// @spec https://www.rfc-editor.org/rfc/rfc7519.html#section-4.1 RFC 7519 §4.1
public record JwtClaims(
    Optional<String> issuer,
    Optional<String> subject,
    List<String> audience,
    Optional<Instant> expiresAt,
    Optional<Instant> issuedAt,
    Optional<Instant> notBefore,
    Optional<String> id,
    JsonObject all) {

  /// Texts that name something, and become keys of a database wherever they are remembered.
  private static final List<String> IDENTIFIERS = List.of("sub", "jti", "sid", "txn");

  private static final int LONGEST_IDENTIFIER_OCTETS = 1024;

  /// Reads the registered claims.
  ///
  /// @throws MalformedException if one of them has another type than RFC 7519 gives it, or an
  ///   identifier, among them `sid` and `txn`, is no text or longer than 1,024 octets
  public static JwtClaims of(JsonObject all) throws MalformedException {
    for (var name : IDENTIFIERS) {
      if (all.string(name).filter(JwtClaims::isTooLong).isPresent()) {
        throw new MalformedException(
            "'%s' is longer than %s octets".formatted(name, LONGEST_IDENTIFIER_OCTETS));
      }
    }
    return new JwtClaims(
        all.string("iss"),
        all.string("sub"),
        all.stringOrStrings("aud").orElse(List.of()),
        all.instant("exp"),
        all.instant("iat"),
        all.instant("nbf"),
        all.string("jti"),
        all);
  }

  private static boolean isTooLong(String identifier) {
    return identifier.getBytes(StandardCharsets.UTF_8).length > LONGEST_IDENTIFIER_OCTETS;
  }

  /// Only which claims there are: the values may be personal.
  @Override
  public String toString() {
    return "JwtClaims" + all.names();
  }
}
