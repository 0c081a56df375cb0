package dev.lanyard.client.ema;

import dev.lanyard.client.Access;
import dev.lanyard.client.Denial;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.protocol.oauth.Issuer;
import java.util.Optional;

/// What one rung of the [RenewalLadder] came to.
sealed interface Step {
  /// It is decided, one way or the other.
  record Done(Access access) implements Step {}

  /// This rung does not help; the next may.
  ///
  /// @param denial why, if a server said so
  record Up(Optional<Denial> denial) implements Step {}

  /// The server does not take the proof of our key. What was presented may belong to a key that is
  /// gone: the next rung may help, and after a sign-in it stays refused.
  record Unproved(Issuer by, Denial denial) implements Step {}

  /// Only a sign-in of this kind helps: the rungs between are skipped.
  record SignIn(Denial denial, SignInDemand demand) implements Step {}
}
