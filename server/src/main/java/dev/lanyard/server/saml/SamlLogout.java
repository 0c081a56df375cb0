package dev.lanyard.server.saml;

import java.time.Instant;
import java.util.List;

/// A logout request that was verified: the provider says that sessions of somebody have ended.
///
/// SAML 2.0 Core §3.7.1.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf SAML 2.0 Core
public final class SamlLogout {
  private final String id;
  private final String nameIdKey;
  private final List<String> sessionIndexes;
  private final Instant issuedAt;

  SamlLogout(String id, String nameIdKey, List<String> sessionIndexes, Instant issuedAt) {
    this.id = id;
    this.nameIdKey = nameIdKey;
    this.sessionIndexes = List.copyOf(sessionIndexes);
    this.issuedAt = issuedAt;
  }

  /// Unique within the provider.
  public String id() {
    return id;
  }

  /// Whose sessions: [NameId#key], as in the assertion with which the session began.
  public String nameIdKey() {
    return nameIdKey;
  }

  /// Which sessions; all of them if it is empty.
  public List<String> sessionIndexes() {
    return sessionIndexes;
  }

  /// `IssueInstant`.
  public Instant issuedAt() {
    return issuedAt;
  }

  @Override
  public String toString() {
    return "SamlLogout[" + id + "]";
  }
}
