package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.claims.ClockSkew;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.Answer;
import dev.lanyard.server.authorization.upstream.UpstreamProvider.AnswerBy;
import dev.lanyard.server.saml.SamlAssertion;
import dev.lanyard.server.saml.SamlProvider;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/// One sign-in at a SAML provider that signs nobody in here: an administrator sees what the
/// provider says of somebody, and what becomes of it, by the very code that signs people in. It is
/// the service provider that the server will be, with another place for the answer. For one use.
public final class SamlTrial {
  private final SamlDialogue dialogue;
  private final AssertedPeople people;
  private final Secret state = OpaqueToken.secret();
  private final UpstreamSignIn signIn;
  private boolean isAnswered;

  /// @param self the server that people will sign in at
  /// @param consumer where the browser is to bring the answer; registered at the provider
  public SamlTrial(
      SamlUpstreamConfig config,
      Issuer self,
      URI consumer,
      EgressClient egress,
      ClockSkew skew,
      InstantSource clock) {
    var asTrial = SamlPlaces.of(config, self).consumingAt(consumer);
    var provider = new SamlProvider(config.provider(), asTrial, egress, skew, clock);
    this.dialogue = new SamlDialogue(config, asTrial, provider, clock);
    this.people =
        new AssertedPeople(config, AddressRule.alone(config.people().emailDomains()), self);
    this.signIn = TrialSignIn.at(config.id(), clock);
  }

  /// What came of it.
  public sealed interface Outcome {
    /// Somebody would be signed in now.
    record SignedIn(SamlAssertion assertion, TrialPerson person) implements Outcome {}

    /// The provider has said something of somebody, but who that is here cannot be told.
    record Nobody(SamlAssertion assertion, Evidence evidence) implements Outcome {}

    /// The provider said no, or what it said cannot be believed.
    ///
    /// @param remedy what to do about it, where that is known at once
    record Refused(Evidence evidence, Optional<String> remedy) implements Outcome {}

    /// The provider does not answer as it should.
    record Unavailable(String why) implements Outcome {}
  }

  /// Begins it.
  public TrialSignIn.Beginning begin() {
    return TrialSignIn.beginning(dialogue.authorizationUrl(state, signIn, TrialSignIn.NO_WISHES));
  }

  /// Judges what the browser brought.
  ///
  /// @param body of the form that it posted; untrusted
  public synchronized Outcome finish(byte[] body) {
    try {
      var answer = Form.parse(body, Set.of());
      var relayState = AnswerBy.FORM.stateParameter();
      if (!answer.one(relayState).map(Secret::new).equals(Optional.of(state))) {
        return refused(relayState, "the one of this trial", "another, or none");
      }
      if (isAnswered) {
        return refused("answer", "the first of this trial", "another one");
      }
      isAnswered = true;
      return switch (dialogue.assertion(answer, signIn)) {
        case Answer.Given<SamlAssertion>(var assertion) -> introduced(assertion);
        case Answer.Refused<SamlAssertion>(var evidence, var remedy) ->
            new Outcome.Refused(evidence, remedy);
        case Answer.Unavailable<SamlAssertion>(var why) -> new Outcome.Unavailable(why);
      };
    } catch (MalformedException e) {
      return refused("form", "well-formed", String.valueOf(e.getMessage()));
    }
  }

  private Outcome introduced(SamlAssertion assertion) {
    return switch (people.introduced(assertion)) {
      case Answer.Given<Introduction>(var introduced) ->
          new Outcome.SignedIn(assertion, TrialPerson.of(introduced));
      case Answer.Refused<Introduction>(var evidence, _) -> new Outcome.Nobody(assertion, evidence);
      case Answer.Unavailable<Introduction>(var why) -> new Outcome.Unavailable(why);
    };
  }

  private static Outcome refused(String check, String expected, String actual) {
    return new Outcome.Refused(new Evidence(check, expected, actual, "SEC-17"), Optional.empty());
  }
}
