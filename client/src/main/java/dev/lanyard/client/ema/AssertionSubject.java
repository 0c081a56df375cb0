package dev.lanyard.client.ema;

import dev.lanyard.client.SignInDemand;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// A person of an application whose single sign-on is SAML. The session is kept in memory.
/// Thread-safe.
public final class AssertionSubject implements SubjectTokens {
  private final String user;
  private final AssertionSignIn signIn;
  private final AtomicReference<Optional<Session>> session =
      new AtomicReference<>(Optional.empty());

  /// @param user a name of the person in this application
  public AssertionSubject(String user, AssertionSignIn signIn) {
    this.user = user;
    this.signIn = signIn;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public Optional<Session> current() {
    return session.get();
  }

  @Override
  public void keep(Session renewed) {
    session.set(Optional.of(renewed));
  }

  @Override
  public void forget() {
    session.set(Optional.empty());
  }

  @Override
  public SignIn signIn(SignInDemand demand) {
    return signIn.signIn(demand);
  }
}
