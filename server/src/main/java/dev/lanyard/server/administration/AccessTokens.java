package dev.lanyard.server.administration;

import dev.lanyard.protocol.accesstoken.AccessToken;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.OAuthError;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.Refusal;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.administration.Admission.Admitted;
import dev.lanyard.server.administration.Admission.TurnedAway;
import dev.lanyard.server.administration.TokenHolders.Held;
import dev.lanyard.server.clients.ApiScope;
import dev.lanyard.server.database.Freshness;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Problem;
import dev.lanyard.server.http.Problem.Kind;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.Platform;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;

/// People who call the API with access tokens of the broker, and the programs that do without one.
///
/// In this order: this node is up to date; a token for this resource and nothing else, with its key
/// if it is bound to one; whoever it means is live, and with them their session, their sign-in and
/// the application; the scope; the duty, as their groups are at this moment; and a sign-in that is
/// good enough for it (SEC-14). Who called what is recorded before it is done. Thread-safe.
public final class AccessTokens implements Callers {
  private static final String REFUSED = "api.refused";
  private static final String CALLED = "api.called";
  private static final Duration KEPT = Duration.ofHours(1);

  private final URI origin;
  private final Guard guard;
  private final TokenHolders holders;
  private final Duties duties;
  private final AdminBearers programs;
  private final Platform platform;

  /// @param broker whose tokens are taken, and at whose listener the API is
  /// @param keys with which it signs access tokens
  /// @param programs with tokens of the configuration
  public AccessTokens(
      Issuer broker,
      KeySource keys,
      TokenHolders holders,
      Duties duties,
      AdminBearers programs,
      Platform platform) {
    this.origin = URI.create(broker.value()).resolve("/");
    this.guard =
        new Guard(
            metadata(broker),
            TrustedIssuers.of(
                new TrustedIssuer(broker, keys, EnumSet.allOf(SigningAlgorithm.class))),
            // The holder is asked below, at every call.
            TokenStatus.trustedUntilExpiry(),
            platform.dpopReplay(),
            platform.clock());
    this.holders = holders;
    this.duties = duties;
    this.programs = programs;
    this.platform = platform;
  }

  /// What the API is called as a resource: the audience of its tokens.
  public static ResourceIndicator resource(Issuer broker) {
    return new ResourceIndicator(URI.create(broker.value()).resolve(Api.PATH).toString());
  }

  private static ProtectedResourceMetadata metadata(Issuer broker) {
    return new ProtectedResourceMetadata(
        resource(broker),
        List.of(broker),
        ApiScope.all(),
        Optional.of("Lanyard, for administrators"),
        Arrays.stream(SigningAlgorithm.values()).map(SigningAlgorithm::value).toList(),
        false);
  }

  /// What it says of itself, for applications that look for its authorization server.
  ///
  /// @spec https://www.rfc-editor.org/rfc/rfc9728.html#section-3 RFC 9728 §3
  public Route description() {
    var document = Document.of(guard.metadata().toJson(), KEPT);
    var path = WellKnown.protectedResource(guard.metadata().resource()).getPath();
    return Route.get(path, Access.PUBLIC, document).anyOrigin().nonBlocking();
  }

  @Override
  public Admission admit(Request request, Operation operation) {
    if (programs.isOneOf(request)) {
      return programs.admit(request, operation);
    }
    if (platform.database().changes().freshness() instanceof Freshness.Stale) {
      return unavailable(request);
    }
    return switch (guard.judge(guarded(request), Requirement.VALID_TOKEN)) {
      case Verdict.Refused(var refusal) -> stranger(request, refusal);
      case Verdict.Unavailable _ -> unavailable(request);
      case Verdict.Admitted(var token) ->
          switch (holders.of(token)) {
            case Held.Dead(var evidence) -> stranger(request, new Refusal.BadToken(evidence));
            case Held.By(var person, var now) ->
                permitted(request, operation, token, person, token.scopes().intersect(now));
          };
    };
  }

  private GuardedRequest guarded(Request request) {
    return new GuardedRequest(
        request.method().name(),
        origin.resolve(request.path()),
        Optional.of(request.query()).filter(query -> !query.isEmpty()),
        request.headers("Authorization"),
        request.headers("DPoP"));
  }

  private Admission permitted(
      Request request, Operation operation, AccessToken token, Person person, Scopes scopes) {
    var right = operation.right();
    if (!scopes.contains(right.scope().value())) {
      var missing =
          new Refusal.MissingScope(Requirement.scopes(right.scope().value()), scopes.toString());
      record(request, token, person, missing.evidence());
      return turnedAway(
          request, missing, "Ask the broker for a token with the scope that is missing.");
    }
    var held = duties.of(person.groups());
    if (right.duties().stream().noneMatch(held::contains)) {
      record(
          request,
          token,
          person,
          new Evidence("duty", right.duties().toString(), held.toString(), "SEC-14"));
      return problem(
          request, Kind.NO_DUTY, "Your groups do not give you the duty for it (docs/console.md).");
    }
    if (!right.isForEverybody() && !duties.secondFactor().isMetBy(token.authentication())) {
      return tooWeak(request, token, person);
    }
    var evidence = JsonObject.builder().put("by", person.id().value()).put("call", operation.id());
    platform
        .journal()
        .allowed(
            subject(CALLED, request, Optional.of(token)),
            Findings.of(evidence.put("path", request.path()).build().with(asked(request, right))));
    return new Admitted(new Caller.Somebody(person, token.client()));
  }

  /// Whoever searches the evidence has said for what.
  private static JsonObject asked(Request request, Right right) {
    return right == Right.AUDIT && !request.query().isEmpty()
        ? JsonObject.builder().put("query", request.query()).build()
        : JsonObject.EMPTY;
  }

  private Admission tooWeak(Request request, AccessToken token, Person person) {
    var asked = duties.secondFactor().acrValues();
    record(
        request,
        token,
        person,
        new Evidence(
            "second_factor",
            asked + " " + duties.secondFactor().methods(),
            token.authentication().toJson().toJson(),
            "SEC-14"));
    var step = new Requirement(Scopes.NONE, Optional.empty(), asked);
    return turnedAway(
        request,
        new Refusal.WeakSignIn(step),
        "Sign in again with a security key or passkey, and ask for a new token.");
  }

  private Admission stranger(Request request, Refusal refusal) {
    if (!(refusal instanceof Refusal.NoToken)) {
      platform
          .journal()
          .refusedStranger(
              request,
              subject(REFUSED, request, Optional.empty()),
              new OAuthError(ErrorCode.ACCESS_DENIED, "the access token is not good"),
              Findings.of(refusal.evidence()));
    }
    return new TurnedAway(
        answer(
                request,
                refusal,
                "Ask the broker for one: the challenge names where its metadata is.")
            .provedNothing());
  }

  private Admission turnedAway(Request request, Refusal refusal, String remedy) {
    return new TurnedAway(answer(request, refusal, remedy));
  }

  private Response answer(Request request, Refusal refusal, String remedy) {
    var answer = guard.answer(refusal);
    var response =
        Problem.of(kind(refusal), description(answer.body()) + ". " + remedy)
            .answer(request.correlationId());
    for (var challenge : answer.challenges()) {
      response = response.withAddedHeader("WWW-Authenticate", challenge.toHeader());
    }
    return response;
  }

  private static String description(JsonObject answer) {
    try {
      return answer.string("error_description").orElse("it is not let in");
    } catch (MalformedException e) {
      throw new IllegalStateException("the guard describes a refusal in a text", e);
    }
  }

  private static Kind kind(Refusal refusal) {
    return switch (refusal) {
      case Refusal.NoToken _, Refusal.BadToken _, Refusal.BadProof _ -> Kind.UNAUTHENTICATED;
      case Refusal.BadRequest _ -> Kind.INVALID_REQUEST;
      case Refusal.MissingScope _, Refusal.MissingDetails _ -> Kind.INSUFFICIENT_SCOPE;
      case Refusal.WeakSignIn _ -> Kind.SIGN_IN_TOO_WEAK;
    };
  }

  private void record(Request request, AccessToken token, Person person, Evidence evidence) {
    platform
        .journal()
        .refused(
            subject(REFUSED, request, Optional.of(token)),
            new OAuthError(ErrorCode.ACCESS_DENIED, "not allowed through the API"),
            Findings.of(evidence).about(person));
  }

  private static Journal.Subject subject(
      String event, Request request, Optional<AccessToken> token) {
    return new Journal.Subject(event, request.correlationId(), token.map(AccessToken::client));
  }

  private static Admission unavailable(Request request) {
    return new TurnedAway(
        Problem.of(
                Kind.UNAVAILABLE,
                "This server does not know at the moment who has been switched off. Try again.")
            .answer(request.correlationId())
            .withHeader("Retry-After", "5"));
  }

  private static Admission problem(Request request, Kind kind, String detail) {
    return new TurnedAway(Problem.of(kind, detail).answer(request.correlationId()));
  }
}
