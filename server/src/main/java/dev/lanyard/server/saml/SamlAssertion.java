package dev.lanyard.server.saml;

import dev.lanyard.protocol.claims.AuthenticationContext;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// An assertion that was verified: a provider that is trusted says this of somebody, to the
/// expected audience, now. Only a validator of this package can make one. Immutable.
///
/// SAML 2.0 Core §2.3.3.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf SAML 2.0 Core
public final class SamlAssertion {
  private final Facts facts;

  SamlAssertion(Facts facts) {
    this.facts = facts;
  }

  /// What it says.
  ///
  /// @param audience the one of the expected audiences that it was issued to
  /// @param nameId absent if the provider means the person by an attribute alone
  record Facts(
      String id,
      String issuer,
      String audience,
      Instant issuedAt,
      Instant usableUntil,
      Optional<NameId> nameId,
      AuthenticationContext authentication,
      Optional<String> sessionIndex,
      Optional<Instant> sessionEndsBy,
      Map<String, List<String>> attributes) {
    Facts {
      attributes = Map.copyOf(attributes);
    }
  }

  /// Unique within its issuer.
  public String id() {
    return facts.id();
  }

  /// The entity id of the provider.
  public String issuer() {
    return facts.issuer();
  }

  /// The expected audience that it was issued to.
  public String audience() {
    return facts.audience();
  }

  /// `IssueInstant`.
  public Instant issuedAt() {
    return facts.issuedAt();
  }

  /// From when on it would be refused for its age, but for the clock skew. It must be remembered as
  /// used until then.
  public Instant usableUntil() {
    return facts.usableUntil();
  }

  /// How the provider names the person.
  public Optional<NameId> nameId() {
    return facts.nameId();
  }

  /// The same as one text, for whom it was said to.
  public Optional<String> nameIdKey() {
    return facts.nameId().map(name -> name.key(facts.issuer(), facts.audience()));
  }

  /// `AuthnInstant` as the time and `AuthnContextClassRef` as the class. SAML has no word for the
  /// methods.
  public AuthenticationContext authentication() {
    return facts.authentication();
  }

  /// The session at the provider, by which it will tell of a logout together with the NameID.
  public Optional<String> sessionIndex() {
    return facts.sessionIndex();
  }

  /// When the provider wants the session that begins with this to end.
  public Optional<Instant> sessionEndsBy() {
    return facts.sessionEndsBy();
  }

  /// The names of all attributes.
  public Set<String> attributes() {
    return facts.attributes().keySet();
  }

  /// The values of an attribute that are text; none if it is absent.
  public List<String> attribute(String name) {
    return facts.attributes().getOrDefault(name, List.of());
  }

  /// Who said it to whom: what may be logged.
  @Override
  public String toString() {
    return "SamlAssertion[" + facts.issuer() + " to " + facts.audience() + "]";
  }
}
