package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.authorization.upstream.Wishes.Prompt;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One sign-in at a provider that signs nobody in here: an administrator sees what the provider
/// says of somebody, and what becomes of it, by the very code that signs people in. For one use.
public final class TrialSignIn {
  private static final Duration LIFE = Duration.ofMinutes(10);

  /// What nobody has asked for in particular: somebody signs in anew.
  static final Wishes NO_WISHES =
      new Wishes(
          Prompt.LOGIN,
          Optional.empty(),
          List.of(),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false);

  private final Upstream upstream;
  private final Secret state = OpaqueToken.secret();
  private final UpstreamSignIn signIn;

  /// @param redirectUri where the browser is to come back; registered at the provider
  public TrialSignIn(
      UpstreamConfig config,
      URI redirectUri,
      EgressClient egress,
      ClockSkew skew,
      InstantSource clock) {
    this.upstream =
        new Upstream(
            config, AddressRule.alone(config.emailDomains()), redirectUri, egress, skew, clock);
    this.signIn = at(config.id(), clock);
  }

  /// A sign-in that begins now, for no application.
  static UpstreamSignIn at(String upstream, InstantSource clock) {
    return new UpstreamSignIn(
        upstream,
        "",
        OpaqueToken.identifier(),
        Pkce.Verifier.random(OpaqueToken.random()),
        "",
        clock.instant().plus(LIFE));
  }

  /// What came of it.
  public sealed interface Outcome {
    /// @param claims everything that the ID Token says
    record SignedIn(JsonObject claims, TrialPerson person) implements Outcome {}

    /// The provider said no, or what it said cannot be believed.
    record Refused(String check, String expected, String actual) implements Outcome {}

    /// The provider, or something that it depends on, does not answer as it should.
    record Unavailable(String why) implements Outcome {}
  }

  /// Where the browser is to go.
  public sealed interface Beginning {
    record At(URI url) implements Beginning {}

    /// The provider does not answer as it should.
    record Unavailable(String why) implements Beginning {}
  }

  /// Begins it.
  public Beginning begin() {
    return beginning(upstream.authorizationUrl(state, signIn, NO_WISHES));
  }

  static Beginning beginning(Answer<URI> url) {
    return switch (url) {
      case Answer.Given<URI>(var given) -> new Beginning.At(given);
      case Answer.Refused<URI>(var evidence, _) -> new Beginning.Unavailable(evidence.actual());
      case Answer.Unavailable<URI>(var why) -> new Beginning.Unavailable(why);
    };
  }

  /// Judges what the browser came back with.
  ///
  /// @param query the parameters of the callback; untrusted
  public Outcome finish(String query) {
    try {
      var answer = Form.parse(query, Set.of());
      if (!answer.one("state").equals(Optional.of(state.reveal()))) {
        return new Outcome.Refused("state", "the one of this trial", "another");
      }
      return switch (upstream.identified(answer, signIn)) {
        case Answer.Given<Upstream.Identified>(var identified) -> signedIn(identified);
        case Answer.Refused<Upstream.Identified>(var evidence, _) ->
            new Outcome.Refused(evidence.check(), evidence.expected(), evidence.actual());
        case Answer.Unavailable<Upstream.Identified>(var why) -> new Outcome.Unavailable(why);
      };
    } catch (MalformedException e) {
      return new Outcome.Refused("query", "well-formed", String.valueOf(e.getMessage()));
    }
  }

  private static Outcome signedIn(Upstream.Identified identified) {
    return new Outcome.SignedIn(identified.claims(), TrialPerson.of(identified.introduction()));
  }
}
