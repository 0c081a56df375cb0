package dev.lanyard.server.authorization;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// Asks the person to sign in: with a form of ours, with a button for each provider, or with
/// nothing in between if it is known where they sign in. Where providers have domains, whoever is
/// not known gives their address first.
final class SignInPage implements AuthorizeEndpoint.SignInPrompt {
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
    if (ways.local().isEmpty() && ways.ids().size() == 1) {
      return toProvider(ways.ids().getFirst(), waiting, Optional.empty());
    }
    var hint = waiting.wishes().loginHint();
    if (!ways.realms().areAsked()) {
      return page(request, waiting, 200, Optional.empty(), hint.orElse(""));
    }
    var known = known(request, waiting);
    return known.isPresent()
        ? toProvider(known.get(), waiting, Optional.empty())
        : unlessLocal(request, waiting, hint.orElse(""));
  }

  /// Where somebody signs in, by what the application says of them, or else as the last time. Who
  /// is to choose an account chooses where, too.
  private Optional<String> known(Request request, Valid waiting) {
    var wishes = waiting.wishes();
    return wishes.prompt() == Prompt.SELECT_ACCOUNT
        ? Optional.empty()
        : wishes
            .domainHint()
            .flatMap(ways.realms()::ofDomain)
            .or(() -> wishes.loginHint().flatMap(ways.realms()::ofAddress))
            .or(() -> browser.realm(request).filter(ways.ids()::contains));
  }

  private Response unlessLocal(Request request, Valid waiting, String hint) {
    boolean local =
        ways.local().isPresent()
            && waiting.wishes().prompt() != Prompt.SELECT_ACCOUNT
            && browser.realm(request).equals(Optional.of(Browser.LOCAL_REALM));
    return local
        ? password(request, waiting, hint)
        : address(request, waiting, 200, Optional.empty(), hint);
  }

  /// The page again, with what went wrong.
  Response again(Request request, Valid waiting, int status, String problem, String userName) {
    return page(request, waiting, status, Optional.of(problem), userName);
  }

  /// The password form, for somebody who said who they are.
  Response password(Request request, Valid waiting, String userName) {
    return page(request, waiting, 200, Optional.empty(), userName);
  }

  /// The page that asks for an address.
  Response address(
      Request request, Valid waiting, int status, Optional<String> problem, String address) {
    var binding = browser.binding(request);
    var form =
        new HomeRealmPage(
            Paths.at(self, Paths.HOME_REALM).toString(),
            FormToken.of(binding).value(),
            waiting.query(),
            waiting.client().name(),
            buttons(waiting, id -> !ways.realms().providers().containsValue(id)),
            ways.local().isPresent());
    return browser.bound(form.show(status, problem, address), binding);
  }

  /// Sends the browser on to a provider.
  ///
  /// @param address what the person said of themselves
  Response toProvider(String id, Valid waiting, Optional<String> address) {
    return Response.redirect(URI.create(url(id, waiting, address))).noStore();
  }

  private Response page(
      Request request, Valid waiting, int status, Optional<String> problem, String userName) {
    var binding = browser.binding(request);
    var form =
        ways.local().isPresent()
            ? Optional.of(
                new Pages.PasswordForm(
                    Paths.at(self, Paths.LOGIN).toString(),
                    FormToken.of(binding).value(),
                    waiting.query(),
                    userName))
            : Optional.<Pages.PasswordForm>empty();
    return browser.bound(
        Pages.signIn(status, waiting.client().name(), problem, form, buttons(waiting, _ -> true)),
        binding);
  }

  private List<Pages.Button> buttons(Valid waiting, Predicate<String> which) {
    return ways.buttons().stream()
        .filter(one -> which.test(one.id()))
        .map(one -> new Pages.Button(one.name(), url(one.id(), waiting, Optional.empty())))
        .toList();
  }

  private String url(String id, Valid waiting, Optional<String> address) {
    var query =
        Form.builder()
            .add("authorization", waiting.query())
            .addIfPresent("login_hint", address)
            .build()
            .encode();
    return Paths.at(self, Paths.LOGIN + "/" + id) + "?" + query;
  }
}
