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
  private static final List<String> IDENTIFIERS = List.of("sub", "jti", "sid");

  private static final String TRANSACTION = "txn";

  private static final int LONGEST_IDENTIFIER_OCTETS = 1024;

  /// Reads the registered claims.
  ///
  /// @throws MalformedException if one of them has another type than RFC 7519 gives it, or an
  ///   identifier, among them `sid`, is no text, or one, among them `txn`, is longer than 1,024
  ///   octets
  public static JwtClaims of(JsonObject all) throws MalformedException {
    for (var name : IDENTIFIERS) {
      requireShort(name, all.string(name));
    }
    requireShort(TRANSACTION, transaction(all));
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

  /// `txn`, which ties records together: text (RFC 8417 §2.2), or a number as in the examples of
  /// the Shared Signals Framework. An odd one counts as none, and refuses nothing.
  public Optional<String> transaction() {
    return transaction(all);
  }

  private static Optional<String> transaction(JsonObject all) {
    try {
      return all.string(TRANSACTION);
    } catch (MalformedException e) {
      return all.text(TRANSACTION).filter(text -> Character.isDigit(text.charAt(0)));
    }
  }

  private static void requireShort(String name, Optional<String> identifier)
      throws MalformedException {
    if (identifier.filter(JwtClaims::isTooLong).isPresent()) {
      throw new MalformedException(
          "'%s' is longer than %s octets".formatted(name, LONGEST_IDENTIFIER_OCTETS));
    }
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
