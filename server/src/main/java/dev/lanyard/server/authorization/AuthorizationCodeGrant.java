package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.FlowRules.Issue;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.revocation.Revocation;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.AuthorizationCode;
import dev.lanyard.server.sessions.AuthorizationCodeStore;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Redeems an authorization code, once. Whoever comes second kills what the first one got (AC-5).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-4.1.3 RFC 6749 §4.1.3
final class AuthorizationCodeGrant implements Grant {
  private final AuthorizationCodeStore codes;
  private final RefreshTokens refreshTokens;
  private final FlowRules rules;
  private final Liveness liveness;
  private final Revocation revocation;

  AuthorizationCodeGrant(
      AuthorizationCodeStore codes,
      RefreshTokens refreshTokens,
      FlowRules rules,
      Liveness liveness,
      Revocation revocation) {
    this.codes = codes;
    this.refreshTokens = refreshTokens;
    this.rules = rules;
    this.liveness = liveness;
    this.revocation = revocation;
  }

  @Override
  public String event() {
    return "token.code";
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    var form = request.form();
    if (!form.has("code")) {
      return incomplete(new Evidence("code", "issued here", "none", "AC-5"));
    }
    if (!form.has("code_verifier")) {
      return incomplete(new Evidence("code_verifier", "the one of the challenge", "none", "AC-3"));
    }
    var code = new Secret(form.one("code").orElseThrow());
    var meaning = codes.find(code);
    if (meaning.isEmpty()) {
      return refused(new Evidence("code", "issued here", "unknown", "AC-5"));
    }
    var fault = fault(request, meaning.get());
    if (fault.isPresent()) {
      return refused(fault.get());
    }
    return switch (liveness.of(Origins.of(meaning.get()))) {
      case Life.Live(var person) -> issued(request, code, meaning.get(), person);
      case Life.Dead(var evidence, var person) -> refused(evidence).about(person);
    };
  }

  private static Refused incomplete(Evidence evidence) {
    return Refused.of(ErrorCode.INVALID_REQUEST, "code and code_verifier are needed", evidence);
  }

  private static Optional<Evidence> fault(TokenRequest request, AuthorizationCode meaning) {
    var form = request.form();
    if (!meaning.client().equals(request.client().id())) {
      return wrong("client", meaning.client().value(), request.client().id().value(), "AC-5");
    }
    // exp is exclusive: at that very moment the code has expired.
    if (!request.at().isBefore(meaning.expiresAt())) {
      return wrong("expires_at", meaning.expiresAt().toString(), request.at().toString(), "AC-5");
    }
    var redirectUri = form.one("redirect_uri");
    if (redirectUri.isPresent() && !redirectUri.get().equals(meaning.redirectUri())) {
      return wrong("redirect_uri", meaning.redirectUri(), redirectUri.get(), "AC-8");
    }
    if (!isProved(form, meaning.challenge())) {
      return wrong("code_verifier", "the one of the challenge", "another", "AC-3");
    }
    if (meaning.keyThumbprint().isPresent()
        && !meaning.keyThumbprint().equals(request.keyThumbprint())) {
      var actual = request.keyThumbprint().orElse("no proof");
      return wrong("dpop_jkt", meaning.keyThumbprint().get(), actual, "DPOP-4");
    }
    return Optional.empty();
  }

  private static boolean isProved(Form form, Pkce.Challenge challenge) {
    try {
      return challenge.isMetBy(Pkce.Verifier.parse(form.required("code_verifier")));
    } catch (MalformedException e) {
      return false;
    }
  }

  private static Optional<Evidence> wrong(
      String check, String expected, String actual, String requirement) {
    return Optional.of(new Evidence(check, expected, actual, requirement));
  }

  private TokenResult issued(
      TokenRequest request, Secret code, AuthorizationCode meaning, Person person) {
    var at = Collections.max(List.of(request.at(), meaning.issuedAt()));
    var endsBy = refreshTokens.endOf(meaning);
    if (!at.isBefore(endsBy)) {
      var late = new Evidence("session", "to end after " + at, endsBy.toString(), "IDP-32");
      return refused(late).about(person);
    }
    var grounds =
        new Grounds(
            person,
            meaning.client(),
            meaning.session(),
            meaning.family(),
            meaning.resources(),
            meaning.scopes(),
            meaning.claims(),
            meaning.authentication(),
            request.keyThumbprint(),
            meaning.issuedAt(),
            endsBy);
    return switch (rules.first(request, grounds, meaning.nonce(), at)) {
      case Issue.Given given -> claiming(request, code, meaning, grounds, given);
      case Issue.Undecided(var outage) -> outage;
      case Issue.NotGiven(var refused) -> refused.about(person);
    };
  }

  private TokenResult claiming(
      TokenRequest request,
      Secret code,
      AuthorizationCode meaning,
      Grounds grounds,
      Issue.Given given) {
    var facts = new ArrayList<>(given.facts());
    var response = given.response();
    boolean renewable = rules.isRenewable(request.client(), meaning.scopes());
    if (renewable) {
      var first =
          refreshTokens.first(grounds, Collections.max(List.of(request.at(), meaning.issuedAt())));
      response = response.withRefreshToken(first.token());
      facts.add(first.row());
    }
    var evidence =
        JsonObject.builder()
            .put("session", meaning.session())
            .put("family", meaning.family())
            .put("scope", meaning.scopes().toString())
            .put("refresh_token", renewable)
            .build()
            .with(given.evidence());
    var person = grounds.person();
    return Issued.claiming(
            codes.redemption(code, meaning, request.at()),
            response.toJson(),
            facts,
            Findings.of(evidence).about(person),
            () -> redeemedBefore(request, meaning, person))
        .unless(() -> death(request, meaning, grounds));
  }

  /// What was recorded and nobody gets must not look alive.
  private Optional<Evidence> death(
      TokenRequest request, AuthorizationCode meaning, Grounds grounds) {
    var death = liveness.death(Origins.of(meaning)).or(() -> rules.death(grounds));
    if (death.isPresent()) {
      revocation.takeBack(meaning.family(), request.correlationId());
    }
    return death;
  }

  /// Somebody has a copy of the code: it cannot be said who, so both get nothing.
  private TokenResult redeemedBefore(
      TokenRequest request, AuthorizationCode meaning, Person person) {
    revocation.report(
        Source.of(Source.Kind.SERVER),
        new Subject.Grant(meaning.family()),
        Happening.TOKENS_REVOKED,
        "authorization code used twice",
        request.correlationId());
    return refused(new Evidence("code", "first use", "used before; family revoked", "AC-5"))
        .about(person);
  }

  private static Refused refused(Evidence evidence) {
    return Refused.of(ErrorCode.INVALID_GRANT, "the code is not good, sign in again", evidence);
  }
}
