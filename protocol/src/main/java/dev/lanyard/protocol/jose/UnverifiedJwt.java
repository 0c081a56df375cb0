package dev.lanyard.protocol.jose;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;

/// A JWT in compact form that has been taken apart and **nothing else**: no signature was checked,
/// so nothing in it may be believed. Its accessors say so in their names.
///
/// The only use of what it says is to choose which keys may prove it. Thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7515.html#section-7.1 RFC 7515 §7.1
public final class UnverifiedJwt {
  /// Larger tokens are refused before anything is decoded.
  public static final int MAX_LENGTH = 16 * 1024;

  private final String compact;
  private final JsonObject header;
  private final JwtClaims claims;
  private final String algorithm;
  private final Optional<String> type;
  private final Optional<String> keyId;
  private final int signatureDot;
  private final byte[] signature;

  private UnverifiedJwt(String compact, JsonObject header, JwtClaims claims, byte[] signature)
      throws MalformedException {
    this.compact = compact;
    this.header = header;
    this.claims = claims;
    this.algorithm =
        header.string("alg").orElseThrow(() -> new MalformedException("header has no 'alg'"));
    this.type = header.string("typ").map(UnverifiedJwt::normalised);
    this.keyId = header.string("kid");
    this.signatureDot = compact.lastIndexOf('.');
    this.signature = signature;
  }

  /// Takes a compact JWT apart.
  ///
  /// @throws MalformedException if it is too long, has not three parts, a part is not base64url, or
  ///   header or claims are not strict JSON objects with claims of their registered types
  public static UnverifiedJwt parse(String compact) throws MalformedException {
    return parse(compact, MAX_LENGTH);
  }

  /// The same with another limit: for documents that come from a file and not from a request.
  public static UnverifiedJwt parse(String compact, int mostCharacters) throws MalformedException {
    if (compact.length() > mostCharacters) {
      throw new MalformedException("JWT is longer than " + mostCharacters + " characters");
    }
    int first = compact.indexOf('.');
    int second = compact.indexOf('.', first + 1);
    if (first < 0 || second < 0 || compact.indexOf('.', second + 1) >= 0) {
      throw new MalformedException("not a JWT in compact form: it needs three parts");
    }
    var header = JsonObject.parse(decode(compact.substring(0, first)));
    var claims = JwtClaims.of(JsonObject.parse(decode(compact.substring(first + 1, second))));
    return new UnverifiedJwt(compact, header, claims, decode(compact.substring(second + 1)));
  }

  /// The `alg` header as the sender wrote it.
  public String unverifiedAlgorithm() {
    return algorithm;
  }

  /// The `typ` header without a leading `application/`, in lower case; empty if there is none.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc7515.html#section-4.1.9 RFC 7515 §4.1.9
  public Optional<String> unverifiedType() {
    return type;
  }

  /// The `kid` header as the sender wrote it.
  public Optional<String> unverifiedKeyId() {
    return keyId;
  }

  /// The claims as the sender wrote them.
  public JwtClaims unverifiedClaims() {
    return claims;
  }

  /// The key in the `jwk` header. Only a DPoP proof may be proved by the key that it carries itself
  /// (KEY-4).
  ///
  /// @throws MalformedException if there is none, it is private, weak or of a kind we do not have
  public VerificationKey selfAssertedKey() throws MalformedException {
    var jwk = header.object("jwk").orElseThrow(() -> new MalformedException("header has no 'jwk'"));
    return VerificationKey.fromJwk(jwk);
  }

  /// Whether the header demands extensions. We understand none, so such a token is refused.
  boolean isCritical() {
    return header.has("crit") || header.has("b64");
  }

  byte[] signingInput() {
    return compact.substring(0, signatureDot).getBytes(StandardCharsets.US_ASCII);
  }

  byte[] signature() {
    return signature;
  }

  String compact() {
    return compact;
  }

  private static String normalised(String type) {
    var lower = type.toLowerCase(Locale.ROOT);
    return lower.startsWith("application/") ? lower.substring("application/".length()) : lower;
  }

  private static byte[] decode(String part) throws MalformedException {
    if (!isCanonical(part)) {
      throw new MalformedException("a part of the JWT is empty, padded or cut off");
    }
    try {
      return Base64.getUrlDecoder().decode(part);
    } catch (IllegalArgumentException e) {
      // The JDK's decoder has no other way to say it.
      throw new MalformedException("a part of the JWT is not base64url");
    }
  }

  /// Whether no other text decodes to the same bytes: a token has one form only, so that whoever
  /// remembers one by its hash cannot be shown it twice.
  private static boolean isCanonical(String part) {
    if (part.isEmpty() || part.indexOf('=') >= 0) {
      return false;
    }
    var last = part.charAt(part.length() - 1);
    return switch (part.length() % 4) {
      case 0 -> true;
      case 2 -> "AQgw".indexOf(last) >= 0;
      case 3 -> "AEIMQUYcgkosw048".indexOf(last) >= 0;
      default -> false;
    };
  }

  /// Shows nothing of the token: it may be a credential.
  @Override
  public String toString() {
    return "UnverifiedJwt[" + type.orElse("no typ") + "]";
  }
}
