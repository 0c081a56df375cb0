package dev.lanyard.server.receipts;

import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.util.EnumSet;
import java.util.Optional;

/// What became of looking at a receipt with the keys of its issuer, and nothing else.
public sealed interface ReceiptVerdict {
  /// The issuer has signed exactly this.
  record Genuine(JsonObject account) implements ReceiptVerdict {}

  /// It is no receipt of this issuer.
  ///
  /// @param why for people
  record Refused(String why) implements ReceiptVerdict {}

  /// The largest receipt: thousands of enforcement points.
  int MOST_CHARACTERS = 4 * 1024 * 1024;

  /// Verifies a signed receipt.
  static ReceiptVerdict of(String signed, PublicKeySet keys) {
    UnverifiedJwt jwt;
    try {
      jwt = UnverifiedJwt.parse(signed.strip(), MOST_CHARACTERS);
    } catch (MalformedException e) {
      return new Refused("this is not a signed receipt: " + e.getMessage());
    }
    if (!jwt.unverifiedType().equals(Optional.of(ReceiptDesk.TYPE))) {
      return new Refused(
          "this is not a receipt but '%s'; a receipt is '%s'"
              .formatted(jwt.unverifiedType().orElse("untyped"), ReceiptDesk.TYPE));
    }
    return switch (new JwtVerifier(keys, EnumSet.allOf(SigningAlgorithm.class)).verify(jwt)) {
      case Verification.Verified(var verified) -> new Genuine(verified.claims().all());
      case Verification.Refused(Verification.Fault.BadSignature _) ->
          new Refused("the receipt was changed after it was signed, or signed by another key");
      case Verification.Refused(Verification.Fault.UnknownKey(var keyId)) ->
          new Refused(
              "none of these keys has signed it; it names the key " + keyId.orElse("without kid"));
      case Verification.Refused(var fault) -> new Refused(fault.describe());
      case Verification.Undecided(var reason) -> new Refused(reason);
    };
  }
}
