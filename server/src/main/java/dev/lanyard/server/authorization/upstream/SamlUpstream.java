package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.saml.SamlProvider;
import dev.lanyard.server.saml.SamlReplay;
import dev.lanyard.server.saml.ServiceProvider;
import dev.lanyard.server.sessions.UpstreamSignIn;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;

/// One upstream SAML provider, seen from its service provider: us.
///
/// SAML 2.0 Profiles §4.1.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf SAML 2.0 Profiles
public final class SamlUpstream implements UpstreamProvider {
  private final SamlUpstreamConfig config;
  private final String organisation;
  private final SamlDialogue dialogue;
  private final AssertedPeople people;
  private final Database database;
  private final Duration skew;

  /// @param organisation whose people come from there
  /// @param addresses which they may have
  public SamlUpstream(
      SamlUpstreamConfig config,
      String organisation,
      AddressRule addresses,
      Issuer issuer,
      Platform platform) {
    this.config = config;
    this.organisation = organisation;
    var self = SamlPlaces.of(config, issuer);
    var provider =
        new SamlProvider(
            config.provider(), self, platform.egress(), platform.skew(), platform.clock());
    this.dialogue = new SamlDialogue(config, self, provider, platform.clock());
    this.people = new AssertedPeople(config, addresses, issuer);
    this.database = platform.database();
    this.skew = platform.skew().tolerance();
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public AnswerBy answersBy() {
    return AnswerBy.FORM;
  }

  public SamlUpstreamConfig config() {
    return config;
  }

  /// Whose people come from there.
  public String organisation() {
    return organisation;
  }

  /// Who we are there.
  public ServiceProvider self() {
    return dialogue.self();
  }

  public SamlProvider provider() {
    return dialogue.provider();
  }

  /// Whom its assertions mean.
  public AssertedPeople people() {
    return people;
  }

  @Override
  public Answer<URI> authorizationUrl(Secret state, UpstreamSignIn signIn, Wishes wishes) {
    return dialogue.authorizationUrl(state, signIn, wishes);
  }

  @Override
  public Answer<Introduction> redeem(Form answer, UpstreamSignIn signIn) {
    return dialogue
        .assertion(answer, signIn)
        .then(assertion ->
            isFirst(assertion)
                ? people.introduced(assertion)
                : new Answer.Refused<>(
                    new Evidence("assertion", "used for the first time", "used before", "SEC-12")));
  }

  private boolean isFirst(SamlAssertion assertion) {
    return database.write(connection ->
        SamlReplay.first(
            connection, assertion.issuer(), assertion.id(), assertion.usableUntil().plus(skew)));
  }
}
