package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.sessions.FormToken;
import dev.lanyard.server.token.Findings;
import java.util.Optional;
import java.util.Set;

/// Takes the forms of the sign-in pages: only those that we made for this browser, and only with an
/// authorization request that is valid still (AC-10, SEC-17).
final class SignInForms {
  private final AuthorizeEndpoint authorize;
  private final SignInCompletion signIn;
  private final Browser browser;

  SignInForms(AuthorizeEndpoint authorize, SignInCompletion signIn, Browser browser) {
    this.authorize = authorize;
    this.signIn = signIn;
    this.browser = browser;
  }

  /// What to do with a form of ours.
  @FunctionalInterface
  interface Continuation {
    Response with(Valid waiting, Form form);
  }

  Response take(Request request, Continuation continuation) {
    try {
      var form = Form.parse(request.body(), Set.of());
      if (!browser.made(request, form)) {
        record(request, new Evidence(FormToken.FIELD, "of this browser", "another", "AC-10"));
        return Pages.error(
            403,
            "This form is out of date. Go back to the application and try again.",
            request.correlationId());
      }
      return authorize.whenValid(
          request,
          form.one("authorization").orElse(""),
          waiting -> continuation.with(waiting, form));
    } catch (MalformedException e) {
      record(request, new Evidence("form", "well-formed", e.getMessage(), "IDP-20"));
      return Pages.error(400, "This form is not valid.", request.correlationId());
    }
  }

  private void record(Request request, Evidence evidence) {
    signIn.recordRefusal(request, Optional.empty(), Findings.of(evidence));
  }
}
