package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.authorization.FlowRules.Hinted;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;

/// `/logout`: ends the session of this browser, and everything that descends from it.
///
/// The browser's own cookie says which session, never a parameter, so nobody can log out another.
/// Without an `id_token_hint` that names the person of that session the person is asked first, so
/// that no link of a stranger's ends it. The way back is one of the `post_logout_redirect_uris` of
/// the client, or none (AC-13).
///
/// @spec https://openid.net/specs/openid-connect-rpinitiated-1_0.html#RPLogout RP-Initiated Logout
///   §2
final class LogoutEndpoint {
  private final Issuer self;
  private final Browser browser;
  private final Revocation revocation;
  private final ClientRegistry clients;
  private final FlowRules rules;
  private final Directory directory;
  private final Journal journal;

  LogoutEndpoint(
      Issuer self,
      Browser browser,
      Revocation revocation,
      ClientRegistry clients,
      FlowRules rules,
      Directory directory,
      Journal journal) {
    this.self = self;
    this.browser = browser;
    this.revocation = revocation;
    this.clients = clients;
    this.rules = rules;
    this.directory = directory;
    this.journal = journal;
  }

  /// What is asked for.
  ///
  /// @param about whom the hint names
  /// @param back where the browser goes afterwards
  private record Wanted(Form form, Optional<Hinted> about, Optional<URI> back) {}

  /// Carries a refusal out of the reading.
  private static final class Refusal extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient Evidence evidence;

    Refusal(String check, String expected, String actual) {
      super(check, null, false, false);
      this.evidence = new Evidence(check, expected, actual, "AC-13");
    }
  }

  Response handle(Request request) {
    try {
      var query =
          request.method() == Method.POST
              ? new String(request.body(), StandardCharsets.UTF_8)
              : request.query();
      var wanted = read(Form.parse(query, Set.of()));
      var session = browser.session(request);
      return session.isEmpty() || isAgreed(request, wanted, session.get())
          ? signedOut(request, wanted, session)
          : asked(request, wanted, session.get());
    } catch (MalformedException e) {
      return refused(
          request, new Evidence("request", "each parameter once, UTF-8", e.getMessage(), "AC-13"));
    } catch (Refusal e) {
      return refused(request, e.evidence);
    }
  }

  private Wanted read(Form form) throws MalformedException, Refusal {
    var hint = form.one("id_token_hint");
    var about = hint.flatMap(rules::hinted);
    if (hint.isPresent() && about.isEmpty()) {
      throw new Refusal("id_token_hint", "an ID Token of ours", "another");
    }
    var named = form.one("client_id");
    if (named.isPresent()
        && about.isPresent()
        && !about.get().client().value().equals(named.get())) {
      throw new Refusal("client_id", about.get().client().value(), named.get());
    }
    var back = form.one("post_logout_redirect_uri");
    if (back.isEmpty()) {
      return new Wanted(form, about, Optional.empty());
    }
    var client = client(named, about);
    if (client.filter(one -> one.openId().allowsReturnTo(back.get())).isEmpty()) {
      throw new Refusal(
          "post_logout_redirect_uri",
          "among the post_logout_redirect_uris of client_id or id_token_hint",
          back.get());
    }
    return new Wanted(form, about, Optional.of(withState(back.get(), form)));
  }

  private Optional<Client> client(Optional<String> named, Optional<Hinted> about)
      throws MalformedException {
    return named.isPresent()
        ? clients.find(ClientId.parse(named.get()))
        : about.map(Hinted::client).flatMap(clients::find);
  }

  /// Whether the person need not be asked, or has been.
  private boolean isAgreed(Request request, Wanted wanted, Session session) {
    return wanted.about().filter(one -> one.person().equals(session.person())).isPresent()
        || browser.made(request, wanted.form());
  }

  private Response asked(Request request, Wanted wanted, Session session) {
    var binding = browser.binding(request);
    var name =
        directory
            .person(new PersonId(session.person()))
            .map(Person::displayName)
            .orElse("somebody who is gone");
    var form =
        Form.builder()
            .add(FormToken.FIELD, FormToken.of(binding).value())
            .addIfPresent("client_id", wanted.form().one("client_id"))
            .addIfPresent("id_token_hint", wanted.form().one("id_token_hint"))
            .addIfPresent("post_logout_redirect_uri", wanted.form().one("post_logout_redirect_uri"))
            .addIfPresent("state", wanted.form().one("state"))
            .build();
    return browser.bound(
        Pages.signOut(Paths.at(self, Paths.LOGOUT).toString(), name, form), binding);
  }

  private Response signedOut(Request request, Wanted wanted, Optional<Session> session) {
    session.ifPresent(one -> end(one, request));
    var answer =
        wanted.back().map(uri -> Response.redirect(uri).noStore()).orElseGet(Pages::signedOut);
    return browser.forgetting(answer);
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

  private Response refused(Request request, Evidence evidence) {
    journal.refusedStranger(
        request,
        new Journal.Subject("sign-out", request.correlationId(), Optional.empty()),
        new OAuthError(ErrorCode.INVALID_REQUEST, evidence.check()),
        Findings.of(evidence));
    return Pages.error(400, "This link is not valid: " + evidence.check(), request.correlationId());
  }
}
