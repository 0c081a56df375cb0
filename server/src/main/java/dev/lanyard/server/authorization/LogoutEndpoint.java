package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// `/logout`: ends the session of this browser, and everything that descends from it.
///
/// Narrow on purpose: the browser's own cookie says which session, never a parameter, so nobody can
/// log out another. The cookie is `SameSite=Lax`, and a page of another site can at most make a
/// browser end its own session by a link. The way back is one of the redirect URIs of a named
/// client, or none.
///
/// @spec https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout
///   §2
final class LogoutEndpoint {
  private final Browser browser;
  private final Revocation revocation;
  private final ClientRegistry clients;
  private final Journal journal;

  LogoutEndpoint(Browser browser, Revocation revocation, ClientRegistry clients, Journal journal) {
    this.browser = browser;
    this.revocation = revocation;
    this.clients = clients;
    this.journal = journal;
  }

  Response handle(Request request) {
    try {
      var query =
          request.method() == Method.POST
              ? new String(request.body(), StandardCharsets.UTF_8)
              : request.query();
      var form = Form.parse(query, Set.of());
      var back = form.one("post_logout_redirect_uri");
      if (back.isPresent() && !isRegistered(form, back.get())) {
        return refused(request, "post_logout_redirect_uri", "registered for client_id", back.get());
      }
      browser.session(request).ifPresent(session -> end(session, request));
      var answer =
          back.map(uri -> Response.redirect(withState(uri, form)).noStore())
              .orElseGet(() -> Pages.message("Signed out", "You can close this window."));
      return browser.forgetting(answer);
    } catch (MalformedException e) {
      return refused(request, "request", "each parameter once, UTF-8", e.getMessage());
    }
  }

  private boolean isRegistered(Form form, String back) throws MalformedException {
    var client = form.one("client_id");
    return client.isPresent()
        && clients
            .find(ClientId.parse(client.get()))
            .filter(one -> one.allowsRedirectTo(back))
            .isPresent();
  }

  private void end(Session session, Request request) {
    revocation.report(
        Source.of(Source.Kind.PERSON),
        new Subject.Session(session.id()),
        Happening.SESSIONS_REVOKED,
        "signed out by the person",
        request.correlationId());
  }

  private static URI withState(String back, Form form) {
    var state = Form.builder().addIfPresent("state", form.one("state")).build().encode();
    return URI.create(state.isEmpty() ? back : back + (back.indexOf('?') < 0 ? "?" : "&") + state);
  }

  private Response refused(Request request, String check, String expected, String actual) {
    journal.refused(
        new Journal.Subject("sign-out", request.correlationId(), Optional.empty()),
        new OAuthError(ErrorCode.INVALID_REQUEST, check),
        Findings.of(new Evidence(check, expected, actual, "AC-13")));
    return Pages.error(400, "This link is not valid: " + check, request.correlationId());
  }
}
