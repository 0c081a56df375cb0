package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.JwtSigner;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What somebody signs: that this version shall follow that one, as this publication and no other.
/// The number makes a statement good for one moment in the history of one installation, so that it
/// cannot be used again later.
///
/// @param subject what is proposed, approved, rejected, published alone or reviewed
/// @param proposal the answered proposal; empty text where there is none
/// @param by the name under which the signer is in the approvers file
/// @param rationale why, in the signer's words
public record Statement(
    Kind kind, Subject subject, String proposal, String by, String rationale, Instant at) {
  /// The `typ` header.
  public static final String TYPE = "lanyard-library-statement+jwt";

  /// The most characters of a rationale.
  public static final int LONGEST_RATIONALE = 4000;

  /// How long there is from reading what is signed elsewhere to sending it; an older one may have
  /// been kept.
  private static final Duration FRESH = Duration.ofMinutes(10);

  private static final Duration SKEW = Duration.ofSeconds(30);

  /// Why what was signed elsewhere then is not to be taken now; empty if it is.
  public static Optional<String> stale(Instant signed, Instant now) {
    return signed.isBefore(now.minus(FRESH)) || signed.isAfter(now.plus(SKEW))
        ? Optional.of(
            "it was signed at %s, and it is %s here: open the page again".formatted(signed, now))
        : Optional.empty();
  }

  /// Why a rationale is none; empty if it says something, and not too much.
  public static Optional<String> wordless(String rationale) {
    return rationale.isBlank() || rationale.length() > LONGEST_RATIONALE
        ? Optional.of("a rationale has 1 to " + LONGEST_RATIONALE + " characters")
        : Optional.empty();
  }

  /// What the signer does by it.
  public enum Kind {
    PROPOSE(Right.PROPOSE),
    APPROVE(Right.APPROVE),
    REJECT(Right.APPROVE),
    EMERGENCY(Right.EMERGENCY),
    REVIEW(Right.APPROVE);

    private final Right needed;

    Kind(Right needed) {
      this.needed = needed;
    }

    /// What whoever signs it must be allowed to.
    public Right needed() {
      return needed;
    }

    String value() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// A step in the history.
  ///
  /// @param installation the issuer of the installation
  /// @param number of the publication
  /// @param base the version before it
  /// @param version the version that it puts in force
  public record Subject(String installation, long number, String base, String version) {}

  /// The statement, signed.
  String signed(SigningKey key) {
    var claims =
        frame(kind, subject, proposal, by)
            .put("rationale", rationale)
            .put("iat", at.getEpochSecond())
            .build();
    return new JwtSigner(key, TYPE).sign(claims);
  }

  /// All that it says but why and when, which whoever signs says.
  public static JsonObject.Builder frame(Kind kind, Subject subject, String proposal, String by) {
    return JsonObject.builder()
        .put("aud", subject.installation())
        .put("kind", kind.value())
        .put("number", subject.number())
        .put("base", subject.base())
        .put("version", subject.version())
        .put("proposal", proposal)
        .put("sub", by);
  }
}
