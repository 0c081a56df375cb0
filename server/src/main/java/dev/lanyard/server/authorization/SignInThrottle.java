package dev.lanyard.server.authorization;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.http.Rate;
import dev.lanyard.server.http.Strangers;
import java.net.InetAddress;
import java.time.InstantSource;

/// Slows down guessing of passwords: few attempts for one person from one network, more for one
/// person from everywhere, so that a stranger who types somebody's name keeps nobody out, and more
/// from one network for everybody in it. Each node counts for itself. Thread-safe.
final class SignInThrottle {
  private final Rate<Guessing> byGuessing;
  private final Rate<String> byPerson;
  private final Rate<InetAddress> byNetwork;

  /// Attempts a minute.
  ///
  /// @param perGuessing for one user name from one network
  /// @param perPerson for one user name from all networks together
  /// @param perNetwork from one network, in which an office may sit
  record Limits(int perGuessing, int perPerson, int perNetwork) {}

  private record Guessing(String person, InetAddress network) {}

  /// @param clock what time it is
  SignInThrottle(Limits limits, InstantSource clock) {
    this.byGuessing = new Rate<>(limits.perGuessing(), clock);
    this.byPerson = new Rate<>(limits.perPerson(), clock);
    this.byNetwork = new Rate<>(limits.perNetwork(), clock);
  }

  /// Counts an attempt; false if there were too many. All spellings by which the directory finds
  /// the same person are one name. What is refused for its network counts for nobody else.
  boolean admits(String userName, InetAddress address) {
    var person = name(userName);
    var network = Strangers.network(address);
    return byNetwork.admits(network)
        && byGuessing.admits(new Guessing(person, network))
        && byPerson.admits(person);
  }

  /// Whoever knows the password was not guessing.
  void succeeded(String userName, InetAddress address) {
    byGuessing.forget(new Guessing(name(userName), Strangers.network(address)));
  }

  /// What is too long to be anybody's name is one name: it is chosen by whoever guesses, as long as
  /// a form may be, and would be kept.
  private static String name(String userName) {
    return userName.length() > NewPerson.LONGEST ? "" : Directory.folded(userName);
  }
}
