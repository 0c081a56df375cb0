package dev.lanyard.client;

import java.net.URI;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/// A person at this machine, whose session is kept in memory and who is asked to sign in when
/// nothing else helps. Thread-safe.
public final class BrowserSubject implements SubjectTokens {
  private final String user;
  private final LoopbackSignIn signIn;
  private final Consumer<URI> browser;
  private final AtomicReference<Optional<Session>> session =
      new AtomicReference<>(Optional.empty());

  /// @param user a name of the person at this machine
  /// @param browser opens a URL, not through a shell
  public BrowserSubject(String user, LoopbackSignIn signIn, Consumer<URI> browser) {
    this.user = user;
    this.signIn = signIn;
    this.browser = browser;
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
  public Optional<Session> signIn(StepUp stepUp) {
    if (signIn.signIn(stepUp, browser) instanceof LoopbackSignIn.Outcome.SignedIn(var signedIn)) {
      keep(signedIn);
      return Optional.of(signedIn);
    }
    return Optional.empty();
  }
}
