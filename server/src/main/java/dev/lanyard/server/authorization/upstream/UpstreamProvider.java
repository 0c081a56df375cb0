package dev.lanyard.server.authorization.upstream;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.sessions.UpstreamSignIn;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/// A provider upstream that signs people in for us, whatever protocol it speaks. Thread-safe.
public interface UpstreamProvider {
  /// The configured name.
  String id();

  /// How the browser brings its answer.
  default AnswerBy answersBy() {
    return AnswerBy.QUERY;
  }

  /// How a browser brings an answer, and in which parameter what we gave it to hand back.
  enum AnswerBy {
    /// It was redirected to us.
    QUERY("state"),
    /// It sends a form that a page of the provider holds. Then it sends only the cookies that may
    /// cross sites.
    FORM("RelayState");

    private final String stateParameter;

    AnswerBy(String stateParameter) {
      this.stateParameter = stateParameter;
    }

    public String stateParameter() {
      return stateParameter;
    }
  }

  /// Where to send the browser.
  ///
  /// @param state what the provider hands back beside its answer
  /// @param signIn what its answer must fit
  /// @param wishes how the application wants the person to be asked
  Answer<URI> authorizationUrl(Secret state, UpstreamSignIn signIn, Wishes wishes);

  /// Judges what the browser brought back, and tells whom the provider means.
  ///
  /// @param answer the parameters of the answer; untrusted
  /// @param signIn the sign-in that it must answer; not to be believed twice
  Answer<Introduction> redeem(Form answer, UpstreamSignIn signIn);

  /// What the provider, or the way to it, gave.
  sealed interface Answer<T> {
    /// The same about something else.
    default <R> Answer<R> map(Function<T, R> made) {
      return then(value -> new Given<>(made.apply(value)));
    }

    /// Goes on with what was given.
    default <R> Answer<R> then(Function<T, Answer<R>> next) {
      return switch (this) {
        case Given<T>(var value) -> next.apply(value);
        case Refused<T>(var evidence, var told) -> new Refused<>(evidence, told);
        case Unavailable<T>(var why) -> new Unavailable<>(why);
      };
    }

    record Given<T>(T value) implements Answer<T> {}

    /// The provider says no, or what it says cannot be believed.
    ///
    /// @param told what the person reads; empty if it is not for them
    record Refused<T>(Evidence evidence, Optional<String> told) implements Answer<T> {
      Refused(Evidence evidence) {
        this(evidence, Optional.empty());
      }
    }

    /// The provider does not answer.
    record Unavailable<T>(String why) implements Answer<T> {}
  }
}
