package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.JwtVerifier;
import dev.lanyard.protocol.jose.PublicKeySet;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.jose.Verification;
import dev.lanyard.protocol.jose.VerifiedJwt;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Something that somebody says in their own name, to be signed with their key of the approvers
/// file. It is for one installation and one purpose, so that it is good for nothing else.
///
/// @param type the `typ` header, which names the purpose
/// @param by the name under which the signer is in the approvers file
/// @param at when it was said, to the second
/// @param says what is said besides
public record PersonalStatement(
    String type, String installation, String by, Instant at, JsonObject says) {
  /// The most characters of a signed one: a text has at most 4,000, and a letter may take 12 bytes
  /// of JSON.
  public static final int MOST_CHARACTERS = 80 * 1024;

  public String signed(SigningKey key) {
    return new JwtSigner(key, type).sign(claims());
  }

  private JsonObject claims() {
    return JsonObject.builder()
        .put("aud", installation)
        .put("sub", by)
        .put("iat", at.getEpochSecond())
        .putAll(says)
        .build();
  }

  /// Why a signed text is not this statement; empty if whose name it bears has signed exactly this
  /// and may.
  public Optional<String> refuses(String compact, Right needed, Approvers approvers) {
    var author = approvers.named(by);
    if (author.isEmpty()) {
      return Optional.of("'" + by + "' is not in the approvers file");
    }
    if (!author.get().may(needed, at)) {
      return Optional.of("'%s' may not %s, or does not any more".formatted(by, needed.value()));
    }
    return refuses(compact, new PublicKeySet(List.of(author.get().key())));
  }

  /// The same with keys from elsewhere.
  public Optional<String> refuses(String compact, PublicKeySet keys) {
    try {
      var jwt = UnverifiedJwt.parse(compact, MOST_CHARACTERS);
      return switch (new JwtVerifier(keys, Approvers.ALGORITHMS).verify(jwt)) {
        case Verification.Verified(var verified) ->
            isThis(verified)
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

  private boolean isThis(VerifiedJwt jwt) {
    return jwt.type().equals(Optional.of(type))
        && jwt.claims().all().toCanonicalJson().equals(claims().toCanonicalJson());
  }
}
