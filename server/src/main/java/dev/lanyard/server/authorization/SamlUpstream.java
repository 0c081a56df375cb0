package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.AuthorizationRequest.Prompt;
import dev.lanyard.server.authorization.AuthorizationRequest.Wishes;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.saml.JdbcSamlReplay;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.saml.SamlProvider;
import dev.lanyard.server.saml.SamlProvider.Described;
import dev.lanyard.server.saml.SamlReplay;
import dev.lanyard.server.saml.SamlVerdict;
import dev.lanyard.server.saml.ServiceProvider;
import dev.lanyard.server.sessions.UpstreamSignIn;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// One upstream SAML provider, seen from its service provider: us.
///
/// SAML 2.0 Profiles §4.1.
///
/// @spec https://docs.oasis-open.org/security/saml/v2.0/saml-profiles-2.0-os.pdf SAML 2.0 Profiles
final class SamlUpstream implements UpstreamProvider {
  private final SamlUpstreamConfig config;
  private final String organisation;
  private final ServiceProvider self;
  private final SamlProvider provider;
  private final AssertedPeople people;
  private final SamlReplay replay = new JdbcSamlReplay();
  private final Database database;
  private final Duration skew;
  private final InstantSource clock;

  /// @param organisation whose people come from there
  SamlUpstream(SamlUpstreamConfig config, String organisation, Issuer issuer, Platform platform) {
    this.config = config;
    this.organisation = organisation;
    this.self = SamlPlaces.of(config, issuer);
    this.provider =
        new SamlProvider(
            config.provider(), self, platform.egress(), platform.skew(), platform.clock());
    this.people = new AssertedPeople(config, issuer);
    this.database = platform.database();
    this.skew = platform.skew().tolerance();
    this.clock = platform.clock();
  }

  @Override
  public String id() {
    return config.id();
  }

  @Override
  public AnswerBy answersBy() {
    return AnswerBy.FORM;
  }

  SamlUpstreamConfig config() {
    return config;
  }

  /// Whose people come from there.
  String organisation() {
    return organisation;
  }

  /// Who we are there.
  ServiceProvider self() {
    return self;
  }

  SamlProvider provider() {
    return provider;
  }

  /// Whom its assertions mean.
  AssertedPeople people() {
    return people;
  }

  @Override
  public Answer<URI> authorizationUrl(Secret state, UpstreamSignIn signIn, Wishes wishes) {
    return switch (provider.described()) {
      case Described.Unavailable(var why) -> new Answer.Unavailable<>(why);
      case Described.As(var description) -> {
        var request =
            new ServiceProvider.Request(
                requestId(signIn), clock.instant(), isAnew(wishes), contexts(wishes));
        yield new Answer.Given<>(
            hinted(self.requestUrl(description, request, state.reveal()), wishes));
      }
    };
  }

  /// An ID of XML does not begin with a digit.
  private static String requestId(UpstreamSignIn signIn) {
    return "_" + signIn.nonce();
  }

  /// SAML has no word for "at most so long ago", only for "again".
  private static boolean isAnew(Wishes wishes) {
    return wishes.prompt() == Prompt.LOGIN
        || wishes.prompt() == Prompt.SELECT_ACCOUNT
        || wishes.maxAge().isPresent();
  }

  /// Those that the provider can know: mapped, or written as SAML writes them.
  private List<String> contexts(Wishes wishes) {
    return wishes.acrValues().stream()
        .map(acr -> config.contexts().getOrDefault(acr, acr))
        .filter(context -> context.indexOf(':') > 0)
        .toList();
  }

  /// Not a part of SAML, but what Entra, Okta and Keycloak read; the signature covers other
  /// parameters only.
  private static URI hinted(URI url, Wishes wishes) {
    var hint = Form.builder().addIfPresent("login_hint", wishes.loginHint()).build().encode();
    return hint.isEmpty() ? url : URI.create(url + "&" + hint);
  }

  @Override
  public Answer<Introduction> redeem(Form answer, UpstreamSignIn signIn) {
    var message = answer.one("SAMLResponse");
    if (message.isEmpty()) {
      return new Answer.Refused<>(new Evidence("SAMLResponse", "there", "none", "IDP-43"));
    }
    return switch (provider.judgeResponse(message.get(), requestId(signIn))) {
      case SamlVerdict.Accepted(var assertion) ->
          isFirst(assertion)
              ? people.introduced(assertion)
              : new Answer.Refused<>(
                  new Evidence("assertion", "used for the first time", "used before", "SEC-12"));
      case SamlVerdict.Rejected(var evidence) -> new Answer.Refused<>(evidence);
      case SamlVerdict.Unsupported(var evidence, var remedy) ->
          new Answer.Refused<>(
              evidence, Optional.of("Encrypted assertions are not supported: " + remedy + "."));
      case SamlVerdict.Undecided(var why) -> new Answer.Unavailable<>(why);
    };
  }

  private boolean isFirst(SamlAssertion assertion) {
    return database.write(connection ->
        replay.first(
            connection, assertion.issuer(), assertion.id(), assertion.usableUntil().plus(skew)));
  }
}
