package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.jose.VerifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Right;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
  /// The `typ` header.
  static final String TYPE = "lanyard-review-statement+jwt";

  /// The most characters of a statement: the rationale has at most 4,000, and a letter may take 12
  /// bytes of JSON.
  private static final int MOST_CHARACTERS = 80 * 1024;

  String signed(SigningKey key) {
    return new JwtSigner(key, TYPE)
        .sign(
            JsonObject.builder()
                .put("aud", installation)
                .put("kind", kind())
                .put("review", review)
                .put("pack", pack)
                .put("about", about)
                .put("ruling", ruling.map(Ruling::value).orElse(""))
                .put("sub", by)
                .put("rationale", rationale)
                .put("iat", at.getEpochSecond())
                .build());
  }

  private String kind() {
    return ruling.isPresent() ? "decide" : "sign";
  }

  /// Why a signed text is not this statement; empty if whose name it bears has signed exactly this
  /// and may.
  Optional<String> refuses(String compact, Approvers approvers) {
    var author = approvers.named(by);
    if (author.isEmpty()) {
      return Optional.of("'" + by + "' is not in the approvers file");
    }
    if (!author.get().may(Right.REVIEW, at)) {
      return Optional.of("'" + by + "' may not review, or does not any more");
    }
    return refuses(compact, new PublicKeySet(List.of(author.get().key())));
  }

  /// The same with keys from elsewhere.
  Optional<String> refuses(String compact, PublicKeySet keys) {
    try {
      var jwt = UnverifiedJwt.parse(compact, MOST_CHARACTERS);
      return switch (new JwtVerifier(keys, Approvers.ALGORITHMS).verify(jwt)) {
        case Verification.Verified(var verified) ->
            says(verified).equals(meant())
                ? Optional.empty()
                : Optional.of("what '%s' signed says something else".formatted(by));
        case Verification.Refused(var fault) ->
            Optional.of("not signed by '" + by + "': " + fault.describe());
        case Verification.Undecided(var why) -> Optional.of(why);
      };
    } catch (MalformedException e) {
      return Optional.of("not a signed statement: " + e.getMessage());
    }
  }

  private List<String> meant() {
    return List.of(
        TYPE,
        installation,
        kind(),
        review,
        pack,
        about,
        ruling.map(Ruling::value).orElse(""),
        by,
        rationale,
        String.valueOf(at.getEpochSecond()));
  }

  private static List<String> says(VerifiedJwt jwt) throws MalformedException {
    var claims = jwt.claims().all();
    var said = new ArrayList<String>();
    said.add(jwt.type().orElse(""));
    said.add(String.join(" ", jwt.claims().audience()));
    for (var name : List.of("kind", "review", "pack", "about", "ruling", "sub", "rationale")) {
      said.add(claims.string(name).orElse(""));
    }
    said.add(String.valueOf(claims.integer("iat").orElse(-1L)));
    return said;
  }
}
