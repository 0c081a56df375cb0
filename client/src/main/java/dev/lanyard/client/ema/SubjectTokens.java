package dev.lanyard.client.ema;

import dev.lanyard.client.SignInDemand;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/// Where an [EmaClient] finds who it acts for. One instance stands for one person.
public interface SubjectTokens {
  /// A name that no two people share. Tokens are kept by it, so that they never pass from one
  /// person to another (CLI-37).
  String user();

  /// What the latest sign-in left; empty before the first.
  Optional<Session> current();

  /// Takes over what a renewal or a sign-in brought, in place of [#current()].
  void keep(Session session);

  /// Forgets the session, because the person signs out. By default nothing is forgotten: what keeps
  /// it belongs to somebody else.
  default void forget() {}

  /// Lets the person sign in, if that is possible now: the last rung. May block for minutes. Keeps
  /// nothing: the client does once it has seen that it is the same person as before (CLI-37).
  SignIn signIn(SignInDemand demand);

  /// A session that was obtained elsewhere, without the possibility to sign in again.
  static SubjectTokens of(String user, Session session) {
    var current = new AtomicReference<>(session);
    return new SubjectTokens() {
      @Override
      public String user() {
        return user;
      }

      @Override
      public Optional<Session> current() {
        return Optional.of(current.get());
      }

      @Override
      public void keep(Session renewed) {
        current.set(renewed);
      }

      @Override
      public SignIn signIn(SignInDemand demand) {
        return new SignIn.Impossible();
      }
    };
  }
}
