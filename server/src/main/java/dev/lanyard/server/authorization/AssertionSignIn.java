package dev.lanyard.server.authorization;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.Liveness.Life;
import dev.lanyard.server.authorization.SignInCompletion.Recognised;
import dev.lanyard.server.authorization.upstream.Introduction;
import dev.lanyard.server.authorization.upstream.SamlUpstream;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamPeople;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Origins;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.saml.SamlProvider;
import dev.lanyard.server.saml.SamlVerdict;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.Session;
import dev.lanyard.server.token.Findings;
import dev.lanyard.server.token.Journal;
import dev.lanyard.server.token.TokenRequest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Signs somebody in without a browser: by the SAML assertion that an application received when
/// they signed in there. It is good for the client that the application is mapped to, and once.
///
/// A session begins with it as with any other sign-in, so that whatever ends a session at the
/// provider, or the person, ends what comes of it.
///
/// @spec
///   https://datatracker.ietf.org/doc/html/draft-ietf-oauth-identity-assertion-authz-grant-04#section-4.5
///   ID-JAG draft-04 §4.5
public final class AssertionSignIn {
  private static final String EVENT = "sign-in";
  private static final String REQUIREMENT = "IDP-15";

  private final Map<String, Provider> providers;
  private final Parts parts;

  /// @param providers by their entity IDs
  AssertionSignIn(Map<String, Provider> providers, Parts parts) {
    this.providers = Map.copyOf(providers);
    this.parts = parts;
  }

  /// A provider, and who comes from there.
  record Provider(SamlUpstream upstream, UpstreamPeople people) {}

  /// What it takes to begin a session.
  record Parts(
      SessionStart sessions, Liveness liveness, DenySet denied, Issuer self, ClockSkew skew) {}

  /// What an assertion is good for.
  public sealed interface Judgement {
    /// A session may [begin][#begin].
    record Good(Arrival arrival) implements Judgement {}

    record Bad(Evidence evidence, Optional<Person> person) implements Judgement {}

    record Undecided(String why) implements Judgement {}
  }

  /// A live person with a good assertion, and the session that would begin.
  public static final class Arrival {
    private final Recognised recognised;
    private final Session session;
    private final SamlAssertion assertion;

    private Arrival(Recognised recognised, Session session, SamlAssertion assertion) {
      this.recognised = recognised;
      this.session = session;
      this.assertion = assertion;
    }

    public Person person() {
      return recognised.person();
    }

    /// Not there before it has begun.
    public Session session() {
      return session;
    }

    /// When the assertion is over, and whatever stands on it alone.
    public Instant endsBy() {
      return Collections.min(List.of(session.expiresAt(), assertion.usableUntil()));
    }
  }

  /// Judges an assertion. May write to the directory, as every sign-in does.
  ///
  /// @param token a SAML assertion in base64url; untrusted
  public Judgement judge(Secret token, TokenRequest request) {
    // Whose it is, is not believed but looked up: the provider is asked whether it is its own.
    var issuer = SamlProvider.unverifiedIssuer(token.reveal());
    var provider = issuer.map(providers::get);
    if (provider.isEmpty()) {
      return bad("Issuer", providers.keySet().toString(), issuer.orElse("none"));
    }
    var upstream = provider.get().upstream();
    var audiences = audiences(upstream, request);
    if (audiences.isEmpty()) {
      return bad(
          "subject_tokens", "an application of " + upstream.id() + " for this client", "none");
    }
    return switch (upstream.provider().judgeAssertion(token.reveal(), audiences)) {
      case SamlVerdict.Accepted(var assertion) -> introduced(provider.get(), assertion, request);
      case SamlVerdict.Refusal refusal -> new Judgement.Bad(refusal.evidence(), Optional.empty());
      case SamlVerdict.Undecided(var why) -> new Judgement.Undecided(why);
    };
  }

  private static Map<String, Set<String>> audiences(SamlUpstream upstream, TokenRequest request) {
    return upstream.config().applications().stream()
        .filter(one -> one.client().equals(request.client().id()))
        .collect(
            Collectors.toMap(
                SamlUpstreamConfig.Application::audience,
                SamlUpstreamConfig.Application::recipients));
  }

  private Judgement introduced(Provider provider, SamlAssertion assertion, TokenRequest request) {
    return switch (provider.upstream().people().introduced(assertion)) {
      case Answer.Given<Introduction>(var introduced) ->
          switch (provider.people().of(introduced.saidToAnother(), request.correlationId())) {
            case UpstreamPeople.Match.Found found -> living(found, introduced, assertion, request);
            case UpstreamPeople.Match.Refused(var evidence) ->
                new Judgement.Bad(evidence, Optional.empty());
          };
      case Answer.Refused<Introduction>(var evidence, _) ->
          new Judgement.Bad(evidence, Optional.empty());
      case Answer.Unavailable<Introduction>(var why) -> new Judgement.Undecided(why);
    };
  }

  private Judgement living(
      UpstreamPeople.Match.Found found,
      Introduction introduced,
      SamlAssertion assertion,
      TokenRequest request) {
    var person = found.person();
    var client = request.client().id();
    var session = OpaqueToken.identifier();
    // The clock of the provider may be ahead: what was ended since it may have been is over.
    var proved = parts.skew().earliest(assertion.issuedAt());
    var origins =
        Origins.signIn(person.id().value(), proved).session(Optional.of(session)).client(client);
    if (parts.liveness().of(origins) instanceof Life.Dead(var evidence, var dead)) {
      return new Judgement.Bad(evidence, dead);
    }
    var at =
        parts
            .denied()
            .issuable(
                Origins.signIn(person.id().value(), request.at()).client(parts.self(), client),
                request.at());
    var recognised =
        new Recognised(
            person,
            introduced.authentication(),
            proved,
            Optional.of(found.subject()),
            Optional.of(introduced.there()),
            found.withheld());
    var begun = parts.sessions().session(session, recognised, at);
    return new Judgement.Good(new Arrival(recognised, begun, assertion));
  }

  /// Begins the session and uses the assertion up: both or neither. Of several that try with one
  /// assertion, on all nodes, one succeeds.
  ///
  /// @return why it did not; then nothing was written
  public Optional<Evidence> begin(Arrival arrival, TokenRequest request) {
    var session = arrival.session();
    var how =
        JsonObject.builder()
            .put("session", session.id())
            .put("upstream", session.upstream().orElseThrow().id())
            .put("assertion", arrival.assertion.id())
            .put("audience", arrival.assertion.audience())
            .put("withheld", arrival.recognised.withheld())
            .putIfPresent("acr", session.authentication().contextClass())
            .putIfPresent("auth_time", session.authentication().time().map(Instant::toString))
            .build();
    var person = arrival.person();
    return parts
        .sessions()
        .begin(
            // Nobody holds it: this session is no browser's.
            OpaqueToken.secret(),
            session,
            arrival.recognised,
            new Journal.Subject(EVENT, request.correlationId(), Optional.of(request.client().id())),
            Findings.of(how).about(person),
            Optional.of(arrival.assertion));
  }

  private static Judgement bad(String check, String expected, String actual) {
    return new Judgement.Bad(new Evidence(check, expected, actual, REQUIREMENT), Optional.empty());
  }
}
