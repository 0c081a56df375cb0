package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.token.Findings;
import java.util.Optional;

/// `POST /home-realm`: sends whoever gave their address to the provider of its domain. An address
/// of no provider leads to the password form, if there is one, whether its owner exists or not.
final class HomeRealmEndpoint {
  private static final String UNKNOWN =
      "No sign-in is set up for this address. Use the address that your organisation gave you.";

  private final SignInForms forms;
  private final SignInPage page;
  private final SignInCompletion signIn;
  private final SignInWays ways;

  HomeRealmEndpoint(SignInForms forms, SignInPage page, SignInCompletion signIn, SignInWays ways) {
    this.forms = forms;
    this.page = page;
    this.signIn = signIn;
    this.ways = ways;
  }

  Response handle(Request request) {
    return forms.take(request, (waiting, form) -> chosen(request, waiting, form));
  }

  private Response chosen(Request request, Valid waiting, Form form) {
    var address = form.one("address").orElse("").strip();
    var provider = ways.realms().ofAddress(address);
    if (provider.isPresent()) {
      return page.toProvider(provider.get(), waiting, Optional.of(address));
    }
    if (ways.local().isPresent()) {
      return page.password(request, waiting, address);
    }
    signIn.recordRefusal(
        request,
        Optional.of(waiting),
        Findings.of(new Evidence("address", "of a provider's domain", "of none", "IDP-43")));
    return page.address(request, waiting, 404, Optional.of(UNKNOWN), address);
  }
}
