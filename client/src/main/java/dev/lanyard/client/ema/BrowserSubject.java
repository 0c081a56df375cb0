package dev.lanyard.client.ema;

import dev.lanyard.client.CredentialStore;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.client.flow.RememberingStore;
import java.net.URI;
import java.util.Optional;
import java.util.function.Consumer;

/// A person at this machine, whose session is kept and who is asked to sign in when nothing else
/// helps. Thread-safe.
public final class BrowserSubject implements SubjectTokens {
  private final String user;
  private final LoopbackSignIn signIn;
  private final Consumer<URI> browser;
  private final CredentialStore store;

  /// A person whose session ends with the process.
  public BrowserSubject(String user, LoopbackSignIn signIn, Consumer<URI> browser) {
    this(user, signIn, browser, CredentialStore.inMemory());
  }

  /// @param user a name of the person at this machine
  /// @param browser opens a URL, not through a shell: [dev.lanyard.client.SystemBrowser]
  /// @param store where the session is kept until the next start; what it cannot keep lasts until
  ///   this one ends, and the log says so
  public BrowserSubject(
      String user, LoopbackSignIn signIn, Consumer<URI> browser, CredentialStore store) {
    this.user = user;
    this.signIn = signIn;
    this.browser = browser;
    this.store = new RememberingStore(store);
  }

  private String name() {
    return "session of " + user + " at " + signIn.identityProvider();
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public Optional<Session> current() {
    return store.find(name()).flatMap(Session::kept);
  }

  @Override
  public void keep(Session renewed) {
    store.keep(name(), renewed.toKeep());
  }

  @Override
  public void forget() {
    store.forget(name());
  }

  @Override
  public SignIn signIn(SignInDemand demand) {
    return signIn.signIn(demand, browser);
  }
}
