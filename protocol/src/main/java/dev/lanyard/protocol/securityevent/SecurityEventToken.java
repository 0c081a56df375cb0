package dev.lanyard.protocol.securityevent;

import dev.lanyard.protocol.jose.JwtClaims;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Issuer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A security event token that was judged authentic and meant for us: one event about one subject.
///
/// Only [SecurityEventTokenValidator] can make one. Immutable.
///
/// @spec https://www.rfc-editor.org/rfc/rfc8417.html#section-2 RFC 8417 §2
public final class SecurityEventToken {
  /// The `typ` header.
  public static final String TYPE = "secevent+jwt";

  /// The media type of delivery by push.
  public static final String MEDIA_TYPE = "application/secevent+jwt";

  static final List<String> REQUIRED = List.of("iss", "iat", "jti", "aud", "events");

  private final Issuer issuer;
  private final String id;
  private final Instant issuedAt;
  private final Optional<String> transaction;
  private final SubjectIdentifier subject;
  private final SecurityEvent event;
  private final Circumstances circumstances;

  /// @param claims with all of [#REQUIRED]
  SecurityEventToken(
      JwtClaims claims, Issuer issuer, SubjectIdentifier subject, String type, JsonObject payload)
      throws MalformedException {
    this.issuer = issuer;
    this.id = claims.all().nonEmptyString("jti");
    this.issuedAt = claims.issuedAt().orElseThrow();
    this.transaction = claims.transaction();
    this.subject = subject;
    this.event = SecurityEvent.parse(type, payload);
    // Whoever is switched off is, whatever is wrong with when and why; to be switched on again
    // depends on when.
    this.circumstances =
        event.equals(new RiscEvent.Plain(RiscEvent.Kind.ACCOUNT_ENABLED))
            ? Circumstances.parse(payload)
            : Circumstances.readable(payload);
  }

  /// `iss`: the transmitter.
  public Issuer issuer() {
    return issuer;
  }

  /// `jti`: unique at the transmitter.
  public String id() {
    return id;
  }

  /// `iat`.
  public Instant issuedAt() {
    return issuedAt;
  }

  /// `txn`: what it belongs to, also in other tokens. Of a number the digits.
  public Optional<String> transaction() {
    return transaction;
  }

  /// `sub_id`.
  public SubjectIdentifier subject() {
    return subject;
  }

  /// The one event.
  public SecurityEvent event() {
    return event;
  }

  /// When, by whom and why.
  public Circumstances circumstances() {
    return circumstances;
  }

  /// When it happened: `event_timestamp`, or `iat` if the transmitter does not say. Never later
  /// than `iat`: an event from the future would outrank everything that is still to come.
  public Instant occurredAt() {
    return circumstances.at().filter(at -> at.isBefore(issuedAt)).orElse(issuedAt);
  }

  /// Who said what: what may be logged.
  @Override
  public String toString() {
    return "SecurityEventToken[" + issuer + " " + id + " " + event.type() + "]";
  }
}
