package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.PersonalStatement;
import dev.lanyard.server.publication.Right;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// What people sign in a review: a decision about one item, or all of them together. It names the
/// installation, the review and the hash of the evidence, so that it is good for nothing else.
///
/// @param about the item that is decided, or the hash of the decisions that are signed
/// @param ruling what is decided; empty in a signature
/// @param by the name under which the signer is in the approvers file
record ReviewStatement(
    String installation,
    String review,
    String pack,
    String about,
    Optional<Ruling> ruling,
    String by,
    String rationale,
    Instant at) {
  String signed(SigningKey key) {
    return statement().signed(key);
  }

  private PersonalStatement statement() {
    return new PersonalStatement(
        Brought.TYPE,
        installation,
        by,
        at,
        JsonObject.builder()
            .put("kind", ruling.isPresent() ? "decide" : "sign")
            .put("review", review)
            .put("pack", pack)
            .put("about", about)
            .put("ruling", ruling.map(Ruling::value).orElse(""))
            .put("rationale", rationale)
            .build());
  }

  /// What a signed text says. Nothing of it is proved.
  ///
  /// @throws MalformedException if it is no statement about a review
  static ReviewStatement unverified(String compact) throws MalformedException {
    var claims = UnverifiedJwt.parse(compact, PersonalStatement.MOST_CHARACTERS).unverifiedClaims();
    var all = claims.all();
    var ruling = all.string("ruling").filter(text -> !text.isEmpty());
    try {
      return new ReviewStatement(
          String.join(" ", claims.audience()),
          all.nonEmptyString("review"),
          all.nonEmptyString("pack"),
          all.nonEmptyString("about"),
          ruling.isEmpty() ? Optional.empty() : Optional.of(Ruling.named(ruling.get())),
          all.nonEmptyString("sub"),
          all.nonEmptyString("rationale"),
          Instant.ofEpochSecond(all.integer("iat").orElse(0L)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedException("an unknown ruling or time: " + e.getMessage());
    }
  }

  /// Why a signed text is not this statement; empty if whose name it bears has signed exactly this
  /// and may.
  Optional<String> refuses(String compact, Approvers approvers) {
    return statement().refuses(compact, Right.REVIEW, approvers);
  }

  /// The same with keys from elsewhere.
  Optional<String> refuses(String compact, PublicKeySet keys) {
    return statement().refuses(compact, keys);
  }
}
