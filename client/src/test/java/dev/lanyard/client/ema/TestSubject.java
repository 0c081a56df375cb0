package dev.lanyard.client.ema;

import dev.lanyard.client.SignInDemand;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A person who signs in when asked, if a test says so.
public final class TestSubject implements SubjectTokens {
  public final List<SignInDemand> signIns = new ArrayList<>();
  private String user = "ada";
  private volatile Optional<Session> session = Optional.empty();
  private SignIn nextSignIn = new SignIn.Impossible();

  /// What the person does before signing in.
  public Runnable meanwhile = () -> {};

  public void switchTo(String otherUser) {
    user = otherUser;
  }

  public void has(Session now) {
    session = Optional.of(now);
  }

  public void willSignIn(Session next) {
    willEnd(new SignIn.SignedIn(next));
  }

  /// How the next sign-in ends.
  public void willEnd(SignIn next) {
    nextSignIn = next;
  }

  @Override
  public String user() {
    return user;
  }

  @Override
  public Optional<Session> current() {
    return session;
  }

  @Override
  public void keep(Session renewed) {
    session = Optional.of(renewed);
  }

  @Override
  public void forget() {
    session = Optional.empty();
  }

  @Override
  public SignIn signIn(SignInDemand demand) {
    signIns.add(demand);
    meanwhile.run();
    return nextSignIn;
  }
}
