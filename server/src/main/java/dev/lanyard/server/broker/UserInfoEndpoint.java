package dev.lanyard.server.broker;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.accesstoken.AccessTokenValidator;
import dev.lanyard.protocol.accesstoken.AccessTokenVerdict;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Challenge;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.server.administration.TokenHolders;
import dev.lanyard.server.administration.TokenHolders.Held;
import dev.lanyard.server.clients.ClientRegistry;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Method;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// `/userinfo`: what the granted scopes tell of the person, to the bearer of an access token of
/// ours.
///
/// A token that is bound to a key opens nothing here: its ID Token says the same.
///
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#UserInfo OpenID Connect Core §5.3
final class UserInfoEndpoint {
  private static final String SCHEME = "Bearer ";

  private final AccessTokenValidator validator;
  private final UserInfoAnswers answers;
  private final TokenHolders holders;
  private final ClientRegistry clients;
  private final Journal journal;

  UserInfoEndpoint(
      BrokerConfig config,
      KeyRing keys,
      TokenIssue issue,
      TokenHolders holders,
      ClientRegistry clients,
      Platform platform) {
    var us =
        new TrustedIssuer(
            config.issuer(), keys.of(Purpose.ACCESS_TOKEN), EnumSet.allOf(SigningAlgorithm.class));
    this.validator =
        new AccessTokenValidator(
            TrustedIssuers.of(us), issue.userInfo(), platform.skew(), platform.clock());
    this.answers = new UserInfoAnswers(config.issuer(), keys);
    this.holders = holders;
    this.clients = clients;
    this.journal = platform.journal();
  }

  Response handle(Request request) {
    try {
      var tokens = tokens(request);
      return switch (tokens.size()) {
        // RFC 6750 §3.1: no error code where no token was sent.
        case 0 -> challenged(401, Challenge.of("Bearer"));
        case 1 -> judged(request, tokens.getFirst());
        default -> malformed(request, "one access token", "several");
      };
    } catch (MalformedException e) {
      return malformed(request, "each parameter once, UTF-8", e.getMessage());
    }
  }

  /// In the header, or in the body of a form.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc6750.html#section-2.2 RFC 6750 §2.2
  private static List<String> tokens(Request request) throws MalformedException {
    var tokens = new ArrayList<String>();
    request
        .header("Authorization")
        .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
        .map(value -> value.substring(SCHEME.length()).strip())
        .ifPresent(tokens::add);
    if (request.method() == Method.POST
        && request.contentType().filter("application/x-www-form-urlencoded"::equals).isPresent()) {
      Form.parse(request.body(), Set.of()).one("access_token").ifPresent(tokens::add);
    }
    return tokens;
  }

  private Response malformed(Request request, String expected, String actual) {
    journal.refusedStranger(
        request,
        new Journal.Subject("userinfo", request.correlationId(), Optional.empty()),
        new OAuthError(ErrorCode.INVALID_REQUEST, "the request is not well-formed"),
        Findings.of(new Evidence("access_token", expected, actual, "RS-2")));
    return challenged(400, Challenge.of("Bearer").with("error", "invalid_request"));
  }

  private static Response challenged(int status, Challenge challenge) {
    return Response.empty(status).withHeader("WWW-Authenticate", challenge.toHeader()).noStore();
  }

  private Response judged(Request request, String token) {
    return switch (validator.judge(token)) {
      case AccessTokenVerdict.Accepted(var accepted) -> answered(request, accepted);
      case AccessTokenVerdict.Rejected(var reason) -> refused(request, reason.evidence());
      case AccessTokenVerdict.Undecided(var why) ->
          throw new IllegalStateException("our own keys cannot be had: " + why);
    };
  }

  private Response answered(Request request, AccessToken token) {
    if (token.keyThumbprint().isPresent()) {
      return refused(request, new Evidence("cnf", "none", "bound to a key", "RS-9"));
    }
    return switch (holders.of(token)) {
      case Held.By(var person, _) ->
          answers.of(clients.find(token.client()), claims(person, token)).noStore();
      case Held.Dead(var evidence) -> refused(request, evidence);
    };
  }

  private static JsonObject claims(Person person, AccessToken token) {
    return JsonObject.builder()
        .put("sub", token.subject())
        .build()
        .with(TokenIssue.about(person, token.scopes(), named(token)));
  }

  private static Set<String> named(AccessToken token) {
    try {
      return Set.copyOf(token.all().strings(TokenIssue.CLAIMS).orElse(List.of()));
    } catch (MalformedException e) {
      throw new IllegalStateException("we signed an access token with claims that are no list", e);
    }
  }

  private Response refused(Request request, Evidence evidence) {
    journal.refusedStranger(
        request,
        new Journal.Subject("userinfo", request.correlationId(), Optional.empty()),
        new OAuthError(ErrorCode.ACCESS_DENIED, "the access token is not good"),
        Findings.of(evidence));
    var challenge =
        Challenge.of("Bearer")
            .with("error", "invalid_token")
            .with(
                "error_description",
                "the access token is not good (" + request.correlationId() + ")");
    return challenged(401, challenge);
  }
}
