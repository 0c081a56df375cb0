package dev.lanyard.server.receipts;

import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.revocation.Denied;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A receipt as the record has it.
///
/// @param incident what it is about
/// @param person whom, our own id; empty if it is about something that many people use
/// @param about what is dead because of it
/// @param cause the same in words, with what was signalled
/// @param at when we acted
/// @param issuedAt when the receipt was signed; empty while not everybody has settled
/// @param isFinal whether nothing is under way any more outside
/// @param signed the signed receipt
public record Receipt(
    String incident,
    Optional<String> organisation,
    Optional<String> person,
    List<Denied> about,
    Cause cause,
    Instant at,
    Optional<Instant> issuedAt,
    boolean isFinal,
    Optional<String> signed) {

  /// How far the kill has come by what is signed. The signature is not looked at here: this record
  /// is our own.
  public Optional<Reach> reach() {
    return signed.map(text -> {
      try {
        return Reach.of(claims(text));
      } catch (MalformedException e) {
        throw new IllegalStateException("a receipt of ours is not readable", e);
      }
    });
  }

  /// What a receipt of our own record says.
  static JsonObject claims(String signed) throws MalformedException {
    return UnverifiedJwt.parse(signed, ReceiptVerdict.MOST_CHARACTERS).unverifiedClaims().all();
  }
}
