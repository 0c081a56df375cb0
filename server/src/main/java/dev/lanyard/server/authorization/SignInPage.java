package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import java.net.URI;
import java.util.Optional;

/// Asks the person to sign in: with a form of ours, with a button for each provider, or with
/// nothing in between if there is only one provider.
final class SignInPage implements AuthorizeEndpoint.SignIn {
  private final Issuer self;
  private final SignInWays ways;
  private final Browser browser;

  SignInPage(Issuer self, SignInWays ways, Browser browser) {
    this.self = self;
    this.ways = ways;
    this.browser = browser;
  }

  @Override
  public Response ask(Request request, Valid waiting) {
    if (ways.local().isEmpty() && ways.upstreams().size() == 1) {
      return Response.redirect(URI.create(url(ways.upstreams().getFirst(), waiting))).noStore();
    }
    return page(request, waiting, 200, Optional.empty(), waiting.wishes().loginHint().orElse(""));
  }

  /// The page again, with what went wrong.
  Response again(Request request, Valid waiting, int status, String problem, String userName) {
    return page(request, waiting, status, Optional.of(problem), userName);
  }

  private Response page(
      Request request, Valid waiting, int status, Optional<String> problem, String userName) {
    var binding = browser.binding(request);
    var form =
        ways.local().isPresent()
            ? Optional.of(
                new Pages.PasswordForm(
                    Paths.at(self, Paths.LOGIN).toString(),
                    Browser.formToken(binding),
                    waiting.query(),
                    userName))
            : Optional.<Pages.PasswordForm>empty();
    var buttons =
        ways.upstreams().stream()
            .map(upstream -> new Pages.Button(upstream.name(), url(upstream, waiting)))
            .toList();
    return browser.bound(
        Pages.signIn(status, waiting.client().name(), problem, form, buttons), binding);
  }

  private String url(UpstreamConfig upstream, Valid waiting) {
    var query = Form.builder().add("authorization", waiting.query()).build().encode();
    return Paths.at(self, Paths.LOGIN + "/" + upstream.id()) + "?" + query;
  }
}
