package dev.lanyard.server.authorization;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.FlowRules.Issue;
import dev.lanyard.server.authorization.RefreshTokens.Standing;
import dev.lanyard.server.database.Row;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Grant;
import dev.lanyard.server.token.TokenRequest;
import dev.lanyard.server.token.TokenResult;
import dev.lanyard.server.token.TokenResult.Issued;
import dev.lanyard.server.token.TokenResult.Refused;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Renews what a sign-in gave, always with a **new** ID Token: VS Code lives on it. The token of a
/// public client is rotated (D-12).
///
/// @spec https://www.rfc-editor.org/rfc/rfc6749.html#section-6 RFC 6749 §6 (AC-17)
final class RefreshTokenGrant implements Grant {
  private final RefreshTokens tokens;
  private final FlowRules rules;

  RefreshTokenGrant(RefreshTokens tokens, FlowRules rules) {
    this.tokens = tokens;
    this.rules = rules;
  }

  @Override
  public String event() {
    return "token.refresh";
  }

  @Override
  public TokenResult decide(TokenRequest request) {
    var token = request.form().one("refresh_token").map(Secret::new);
    if (token.isEmpty()) {
      return Refused.of(
          ErrorCode.INVALID_REQUEST,
          "refresh_token is missing",
          new Evidence("refresh_token", "one", "none", "AC-17"));
    }
    return switch (tokens.judge(request, token.get())) {
      case Standing.Good good -> narrowed(request, token.get(), good);
      case Standing.Bad(var evidence, var person) -> {
        var refused =
            Refused.of(
                ErrorCode.INVALID_GRANT, "the refresh token is not good, sign in again", evidence);
        yield refused.about(person);
      }
    };
  }

  /// A request may ask for less; the refresh token keeps what it has.
  private TokenResult narrowed(TokenRequest request, Secret token, Standing.Good good) {
    var granted = good.meaning().scopes();
    var asked = asked(request.form());
    if (asked.isEmpty() || !granted.containsAll(asked.get())) {
      var actual = request.form().one("scope").orElse("none");
      return Refused.of(
              ErrorCode.INVALID_SCOPE,
              "ask for no more than was granted",
              new Evidence("scope", granted.toString(), actual, "AC-17"))
          .about(good.person());
    }
    return issued(request, token, good, asked.get().isEmpty() ? granted : asked.get());
  }

  /// The scopes asked for, [Scopes#NONE] for all of them; empty if the parameter is malformed.
  private static Optional<Scopes> asked(Form form) {
    try {
      return Optional.of(form.has("scope") ? Scopes.parse(form.required("scope")) : Scopes.NONE);
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private TokenResult issued(
      TokenRequest request, Secret token, Standing.Good good, Scopes scopes) {
    var meaning = good.meaning();
    var at = request.at().isBefore(meaning.issuedAt()) ? meaning.issuedAt() : request.at();
    var grounds =
        new Grounds(
            good.person(),
            meaning.client(),
            meaning.session(),
            meaning.family(),
            meaning.resources(),
            scopes,
            meaning.claims(),
            meaning.authentication(),
            request.keyThumbprint(),
            meaning.issuedAt(),
            meaning.expiresAt());
    return switch (rules.again(request, grounds, at)) {
      case Issue.Given given ->
          renewed(request, token, good, given, at)
              .unless(() -> tokens.death(meaning).or(() -> rules.death(grounds)));
      case Issue.Undecided(var outage) -> outage;
      case Issue.NotGiven(var refused) -> refused.about(good.person());
    };
  }

  private Issued renewed(
      TokenRequest request, Secret token, Standing.Good good, Issue.Given given, Instant at) {
    var meaning = good.meaning();
    var response = given.response();
    var evidence =
        JsonObject.builder()
            .put("session", meaning.session())
            .put("family", meaning.family())
            .put("scope", response.scopes().orElse(meaning.scopes()).toString())
            .put("rotated", !request.client().isConfidential())
            .build()
            .with(given.evidence());
    var findings = Findings.of(evidence).about(good.person());
    if (request.client().isConfidential()) {
      return Issued.of(response.toJson(), given.facts(), findings);
    }
    if (good.next().isPresent()) {
      var another = tokens.another(request, meaning, good.next().get(), at);
      return Issued.of(
          response.withRefreshToken(another.token()).toJson(),
          with(given.facts(), another.row()),
          findings);
    }
    var successor = tokens.successor(request, token, meaning, at);
    // Two at once: the second is a client that did not wait for our answer, and gets the grace.
    return Issued.claiming(
        successor.row(),
        response.withRefreshToken(successor.token()).toJson(),
        given.facts(),
        findings,
        () -> decide(request));
  }

  private static List<Row> with(List<Row> facts, Row one) {
    return Stream.concat(facts.stream(), Stream.of(one)).toList();
  }
}
