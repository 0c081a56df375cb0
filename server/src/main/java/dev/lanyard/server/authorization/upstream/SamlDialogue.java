package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.saml.SamlProvider;
import dev.lanyard.server.saml.SamlProvider.Described;
import dev.lanyard.server.saml.SamlVerdict;
import dev.lanyard.server.saml.ServiceProvider;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/// What is said between us and one SAML provider when somebody signs in there. **Does not check**
/// whether an assertion is used for the first time.
///
/// @param self who we are there
record SamlDialogue(
    SamlUpstreamConfig config, ServiceProvider self, SamlProvider provider, InstantSource clock) {

  /// Where to send the browser.
  Answer<URI> authorizationUrl(Secret state, UpstreamSignIn signIn, Wishes wishes) {
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

  /// The assertion in an answer, if it is authentic and answers this sign-in.
  Answer<SamlAssertion> assertion(Form answer, UpstreamSignIn signIn) {
    var message = answer.one("SAMLResponse");
    if (message.isEmpty()) {
      return new Answer.Refused<>(new Evidence("SAMLResponse", "there", "none", "IDP-43"));
    }
    return switch (provider.judgeResponse(message.get(), requestId(signIn))) {
      case SamlVerdict.Accepted(var assertion) -> new Answer.Given<>(assertion);
      case SamlVerdict.Rejected(var evidence) -> new Answer.Refused<>(evidence);
      case SamlVerdict.Unsupported(var evidence, var remedy) ->
          new Answer.Refused<>(
              evidence, Optional.of("Encrypted assertions are not supported: " + remedy + "."));
      case SamlVerdict.Undecided(var why) -> new Answer.Unavailable<>(why);
    };
  }
}
