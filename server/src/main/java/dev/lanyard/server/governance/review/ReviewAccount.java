package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Proposal.Said;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/// A whole review in one document, sealed by this installation: the evidence, every decision and
/// the second signature, each with what its author signed, and the public keys of both.
final class ReviewAccount {
  /// The `typ` of the seal.
  static final String TYPE = "lanyard-review+jwt";

  private ReviewAccount() {}

  /// @param people the reviewer and the signer
  static JsonObject of(
      String installation, PolicyReview review, Said signature, List<Approver> people) {
    return JsonObject.builder()
        .put("installation", installation)
        .put("review", review.id())
        .put("provider", review.provider())
        .put("quarter", review.quarter().toString())
        .put("reviewer", review.reviewer())
        .put("opened_by", review.openedBy())
        .put("opened_at", review.openedAt().toString())
        .put("pack", review.pack().json())
        .put("pack_hash", review.pack().hash())
        .put("decisions", review.decisions().stream().map(Decided::toJson).toList())
        .put(
            "signature",
            JsonObject.builder()
                .put("by", signature.by())
                .put("rationale", signature.rationale())
                .put("at", signature.at().toString())
                .put("statement", signature.statement())
                .build())
        .put(
            "people",
            people.stream()
                .map(one ->
                    JsonObject.builder()
                        .put("name", one.name())
                        .put("key", one.key().toJwk())
                        .build())
                .toList())
        .build();
  }

  /// The document with its seal.
  static String sealed(JsonObject account, SigningKey key, Instant at) {
    var claims =
        JsonObject.builder()
            .put("iss", installation(account))
            .put("iat", at.getEpochSecond())
            .put("account", hash(account))
            .build();
    return JsonObject.builder()
        .put("account", account)
        .put("seal", new JwtSigner(key, TYPE).sign(claims))
        .build()
        .toJson();
  }

  private static String installation(JsonObject account) {
    try {
      return account.nonEmptyString("installation");
    } catch (MalformedException e) {
      throw new IllegalArgumentException("not an account of a review", e);
    }
  }

  static String hash(JsonObject account) {
    return Pack.sha256(account.toCanonicalJson().getBytes(StandardCharsets.UTF_8));
  }
}
