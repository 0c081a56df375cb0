package dev.lanyard.server.authorization;

import dev.lanyard.server.http.Rate;
import dev.lanyard.server.http.Strangers;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.Locale;

/// Slows down guessing, by person and by address. Each node counts for itself. Thread-safe.
final class SignInThrottle {
  private final Rate<String> byPerson;
  private final Rate<InetAddress> byAddress;

  /// @param perPerson attempts a minute for one user name
  /// @param perAddress attempts a minute from one address, behind which an office may sit
  /// @param clock what time it is
  SignInThrottle(int perPerson, int perAddress, InstantSource clock) {
    this.byPerson = new Rate<>(perPerson, clock);
    this.byAddress = new Rate<>(perAddress, clock);
  }

  /// Counts an attempt; false if there were too many.
  boolean admits(String userName, InetAddress address) {
    // Both count, also when the first already says no.
    boolean person = byPerson.admits(key(userName));
    boolean from = byAddress.admits(Strangers.network(address));
    return person && from;
  }

  /// Whoever knows the password was not guessing.
  void succeeded(String userName) {
    byPerson.forget(key(userName));
  }

  private static String key(String userName) {
    return userName.strip().toLowerCase(Locale.ROOT);
  }
}
