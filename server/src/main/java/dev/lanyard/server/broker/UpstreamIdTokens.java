package dev.lanyard.server.broker;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.idtoken.IdToken;
import dev.lanyard.protocol.idtoken.IdTokenValidator;
import dev.lanyard.protocol.idtoken.IdTokenVerdict;
import dev.lanyard.protocol.idtoken.Limits;
import dev.lanyard.protocol.jose.UnverifiedJwt;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.Liveness;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.authorization.upstream.ClaimNames;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.broker.SubjectTokens.Subject;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.token.Platform;
import dev.lanyard.server.token.TokenRequest;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// ID Tokens of providers upstream as subject tokens, by an explicit mapping only: the provider is
/// enrolled for it, the client that the token was issued to there is mapped to the client that
/// presents it here, and the directory has a link from the provider's subject. An e-mail address
/// never identifies anybody here (IDP-14).
///
/// Such a token has no session here: it dies with the person, the client and the provider, with the
/// session there if the provider tells of its end, and of old age within the hour.
final class UpstreamIdTokens {
  private static final Duration LONGEST_LIFE = Duration.ofHours(1);

  private final String organisation;
  private final Directory directory;
  private final Liveness liveness;
  private final UpstreamEnds ends;
  private final ClockSkew skew;
  private final Map<String, Enrolled> byIssuer = new HashMap<>();

  /// @param config names only providers that there are
  UpstreamIdTokens(BrokerConfig config, Directory directory, Liveness liveness, Platform platform) {
    this.organisation = config.organisation();
    this.directory = directory;
    this.liveness = liveness;
    this.ends = new UpstreamEnds(platform.database());
    this.skew = platform.skew();
    for (var tokens : config.exchange().upstreamTokens()) {
      var upstream = config.upstream(tokens.upstream()).orElseThrow();
      byIssuer.put(upstream.issuer().value(), enrolled(upstream, tokens, platform));
    }
  }

  private static Enrolled enrolled(
      UpstreamConfig upstream, UpstreamTokens tokens, Platform platform) {
    var discovery =
        new IssuerDiscovery(
            platform.egress(), upstream.issuer(), Refresh.DEFAULT, platform.clock());
    var issuer = new TrustedIssuer(upstream.issuer(), discovery.keys(), upstream.algorithms());
    var limits = new Limits(platform.skew(), LONGEST_LIFE);
    return new Enrolled(upstream, tokens, new IdTokenValidator(issuer, limits, platform.clock()));
  }

  private record Enrolled(
      UpstreamConfig upstream, UpstreamTokens tokens, IdTokenValidator validator) {

    /// The clients there whose tokens a client of ours may exchange.
    List<ClientId> issuedTo(ClientId client) {
      return tokens.clients().entrySet().stream()
          .filter(mapped -> mapped.getValue().equals(client))
          .map(Map.Entry::getKey)
          .toList();
    }
  }

  /// Judges a token of a provider upstream; empty if it does not name one that is enrolled.
  Optional<Subject> of(Secret token, TokenRequest request) {
    if (byIssuer.isEmpty()) {
      return Optional.empty();
    }
    try {
      return UnverifiedJwt.parse(token.reveal())
          .unverifiedClaims()
          .issuer()
          .map(byIssuer::get)
          .map(enrolled -> judged(enrolled, token, request));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private Subject judged(Enrolled enrolled, Secret token, TokenRequest request) {
    var there = enrolled.issuedTo(request.client().id());
    if (there.isEmpty()) {
      return refused("aud", "a client that is mapped to this one", "no client of the provider is");
    }
    Subject answer = refused("aud", there.toString(), "another client");
    for (var client : there) {
      answer =
          switch (enrolled.validator.judge(token.reveal(), client)) {
            case IdTokenVerdict.Accepted(var idToken) -> linked(enrolled, idToken, request);
            case IdTokenVerdict.Rejected(var reason) ->
                new Subject.Refused(reason.evidence(), Optional.empty());
            case IdTokenVerdict.Undecided(var why) -> new Subject.Undecided(why);
          };
      if (!(answer instanceof Subject.Refused)) {
        return answer;
      }
    }
    return answer;
  }

  private Subject linked(Enrolled enrolled, IdToken token, TokenRequest request) {
    var subject =
        subject(enrolled.upstream, token)
            .map(one -> new ExternalSubject(organisation, enrolled.upstream.issuer(), one));
    var person = subject.flatMap(directory::findLinked);
    if (person.isEmpty()) {
      return refused("sub", "linked to a person, who has signed in before", "unknown");
    }
    // The clock of the provider may be ahead: then a token from before a kill is dated after it.
    var issuedAt = skew.earliest(token.issuedAt());
    var origins =
        Origins.signIn(person.get().id().value(), issuedAt)
            .client(request.client().id())
            .provider(Optional.of(enrolled.upstream.issuer().value()));
    Supplier<Optional<Evidence>> end =
        () -> ends.of(enrolled.upstream.id(), subject.get(), token, issuedAt);
    return switch (liveness.of(origins)) {
      case Life.Live(var live) ->
          end.get()
              .<Subject>map(evidence -> new Subject.Refused(evidence, Optional.of(live)))
              .orElseGet(() ->
                  new Subject.Known(
                      live,
                      Optional.empty(),
                      token.authentication(),
                      token.expiresAt(),
                      () -> liveness.death(origins).or(end)));
      case Life.Dead(var evidence, var dead) -> new Subject.Refused(evidence, dead);
    };
  }

  private static Optional<String> subject(UpstreamConfig upstream, IdToken token) {
    try {
      return upstream.claims().subject().equals(ClaimNames.SUB)
          ? Optional.of(token.subject())
          : token.all().string(upstream.claims().subject());
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  private static Subject refused(String check, String expected, String actual) {
    return new Subject.Refused(new Evidence(check, expected, actual, "IDP-14"), Optional.empty());
  }
}
