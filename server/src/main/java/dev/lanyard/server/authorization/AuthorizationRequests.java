package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.GrantType;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.server.authorization.AuthorizationRequest.Refused;
import dev.lanyard.server.authorization.AuthorizationRequest.ReplyTo;
import dev.lanyard.server.authorization.AuthorizationRequest.Unanswerable;
import dev.lanyard.server.authorization.AuthorizationRequest.Valid;
import dev.lanyard.server.authorization.FlowRules.Demand;
import dev.lanyard.server.clients.Client;
import dev.lanyard.server.clients.ClientSource.Lookup;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/// Reads authorization requests: first who asks and where the answer goes, then everything else.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.1 RFC 6749 §4.1.1 (AC-1 to AC-4)
final class AuthorizationRequests {
  private static final Set<String> REPEATABLE = Set.of("resource");

  private final Function<ClientId, Lookup> clients;
  private final FlowRules rules;
  private final PushedRequests pushed;
  private final Predicate<ClientId> mustPush;
  private final WishesReader wishes;

  /// @param clients looks for a client
  /// @param mustPush which clients have to push their requests, beside those that are registered so
  AuthorizationRequests(
      Function<ClientId, Lookup> clients,
      FlowRules rules,
      PushedRequests pushed,
      Predicate<ClientId> mustPush) {
    this.clients = clients;
    this.rules = rules;
    this.pushed = pushed;
    this.mustPush = mustPush;
    this.wishes = new WishesReader(rules);
  }

  /// Takes up a pushed request; anything else stays as it was sent.
  String begun(String query) {
    return pushed.begun(query);
  }

  /// What a browser brought: a request, or a reference to one.
  ///
  /// @param query as it was sent, form-encoded
  AuthorizationRequest read(String query) {
    try {
      var form = Form.parse(query, REPEATABLE);
      if (!PushedRequests.isReference(form)) {
        return read(query, form, false);
      }
      var request = pushed.of(form);
      return request.isPresent()
          ? read(query, Form.parse(request.get(), REPEATABLE), true)
          : unanswerable(
              "request_uri", "pushed by this client, not used, in time", "another", "AC-15");
    } catch (MalformedException e) {
      return unanswerable("request", "each parameter once, UTF-8", e.getMessage(), "IDP-20");
    }
  }

  /// What a client would push.
  AuthorizationRequest readPushed(Form request) {
    try {
      return read("", Form.parse(request.encode(), REPEATABLE), true);
    } catch (MalformedException e) {
      return unanswerable("request", "each parameter once, UTF-8", e.getMessage(), "AC-15");
    }
  }

  private AuthorizationRequest read(String query, Form form, boolean isPushed) {
    var id = form.one("client_id");
    return switch (id.flatMap(AuthorizationRequests::clientId)
        .map(clients)
        .orElseGet(Lookup.Unknown::new)) {
      case Lookup.Found(var client) -> read(query, form, client, isPushed);
      case Lookup.Unknown() ->
          unanswerable("client_id", "a registered client", id.orElse("none"), "AC-4");
      case Lookup.Rejected(var evidence) ->
          unanswerable(
              "client_id",
              evidence.check() + ": " + evidence.expected(),
              evidence.actual(),
              evidence.requirement());
      case Lookup.Unavailable(var reason) ->
          new Unanswerable(
              new OAuthError(
                  ErrorCode.TEMPORARILY_UNAVAILABLE,
                  "This application cannot be looked up now. Wait a minute and try again."),
              new Evidence("client_id", "known", reason, "REG-4"));
    };
  }

  private AuthorizationRequest read(String query, Form form, Client client, boolean isPushed) {
    var asked = form.one("redirect_uri");
    var uri = asked.filter(client::allowsRedirectTo).map(URI::create);
    if (uri.isEmpty()) {
      var registered = client.redirectUris().toString();
      return unanswerable("redirect_uri", registered, asked.orElse("none"), "AC-4");
    }
    var replyTo = new ReplyTo(uri.get(), form.one("state"));
    try {
      if (!isPushed && (client.pushedRequestsOnly() || mustPush.test(client.id()))) {
        throw invalid("request_uri", "a pushed authorization request", Optional.empty(), "AC-15");
      }
      return read(query, form, client, replyTo);
    } catch (Fault fault) {
      return new Refused(client, replyTo, fault.error, fault.evidence);
    }
  }

  private static Optional<ClientId> clientId(String value) {
    try {
      return Optional.of(ClientId.parse(value));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Unanswerable unanswerable(
      String check, String expected, String actual, String requirement) {
    return new Unanswerable(
        new OAuthError(ErrorCode.INVALID_REQUEST, "this application's link is not valid: " + check),
        new Evidence(check, expected, actual, requirement));
  }

  private Valid read(String query, Form form, Client client, ReplyTo replyTo) throws Fault {
    if (!client.grantTypes().contains(GrantType.AUTHORIZATION_CODE)) {
      var allowed = client.grantTypes().toString();
      throw new Fault(
          ErrorCode.UNAUTHORIZED_CLIENT, "grant_types", "authorization_code", allowed, "AC-1");
    }
    refuseUnsupported(form);
    expect(form, "response_type", "code", ErrorCode.UNSUPPORTED_RESPONSE_TYPE);
    expect(form, "code_challenge_method", "S256", ErrorCode.INVALID_REQUEST);
    if (form.one("response_mode").filter(mode -> !mode.equals("query")).isPresent()) {
      throw invalid("response_mode", "query", form.one("response_mode"), "AC-1");
    }
    var challenge = challenge(form);
    var granted = granted(form, client);
    var claims = claims(form);
    return new Valid(
        query,
        client,
        replyTo,
        challenge,
        granted.resources(),
        granted.scopes(),
        claims.told(),
        form.one("nonce"),
        thumbprint(form),
        wishes.read(form, client, claims).atLeast(granted.strength()));
  }

  /// Whoever sends a request object wants to be answered by it, and not by what stands beside it.
  private static void refuseUnsupported(Form form) throws Fault {
    refuse(form, "request", ErrorCode.REQUEST_NOT_SUPPORTED);
    refuse(form, "request_uri", ErrorCode.REQUEST_URI_NOT_SUPPORTED);
    refuse(form, "registration", ErrorCode.REGISTRATION_NOT_SUPPORTED);
  }

  private static void refuse(Form form, String name, ErrorCode code) throws Fault {
    if (form.has(name)) {
      throw new Fault(code, name, "absent", "present", "AC-1");
    }
  }

  private static ClaimsRequest claims(Form form) throws Fault {
    try {
      return form.has("claims") ? ClaimsRequest.parse(form.required("claims")) : ClaimsRequest.NONE;
    } catch (MalformedException e) {
      throw new Fault(
          ErrorCode.INVALID_REQUEST, "claims", "a JSON object", e.getMessage(), "AC-14");
    }
  }

  private static void expect(Form form, String name, String expected, ErrorCode code) throws Fault {
    var actual = form.one(name);
    if (!actual.equals(Optional.of(expected))) {
      // An absent parameter is a broken request; only a present one can be of an unsupported kind.
      var told = actual.isEmpty() ? ErrorCode.INVALID_REQUEST : code;
      throw new Fault(told, name, expected, actual.orElse("none"), "AC-1");
    }
  }

  private static Pkce.Challenge challenge(Form form) throws Fault {
    try {
      return Pkce.Challenge.parse(form.required("code_challenge"));
    } catch (MalformedException e) {
      throw new Fault(
          ErrorCode.INVALID_REQUEST, "code_challenge", "S256 challenge", e.getMessage(), "AC-2");
    }
  }

  private Demand.Granted granted(Form form, Client client) throws Fault {
    return switch (rules.demand(form, client)) {
      case Demand.Granted granted -> granted;
      case Demand.Refused(var code, var failed) -> throw new Fault(code, failed);
    };
  }

  private static Optional<String> thumbprint(Form form) throws Fault {
    var thumbprint = form.one("dpop_jkt");
    if (thumbprint.isPresent() && !thumbprint.get().matches("[A-Za-z0-9_-]{43}")) {
      throw invalid("dpop_jkt", "a JWK thumbprint", thumbprint, "DPOP-4");
    }
    return thumbprint;
  }

  static Fault invalid(String name, String expected, Optional<String> actual, String requirement) {
    return new Fault(ErrorCode.INVALID_REQUEST, name, expected, actual.orElse("none"), requirement);
  }

  /// Carries a refusal out of the reading of one parameter.
  static final class Fault extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient OAuthError error;
    private final transient Evidence evidence;

    Fault(ErrorCode code, String name, String expected, String actual, String requirement) {
      this(code, new Evidence(name, expected, actual, requirement));
    }

    Fault(ErrorCode code, Evidence evidence) {
      super(evidence.check(), null, false, false);
      this.error =
          new OAuthError(
              code, "parameter '" + evidence.check() + "' must be: " + evidence.expected());
      this.evidence = evidence;
    }
  }
}
