package dev.lanyard.client.flow;

import dev.lanyard.client.Access;
import dev.lanyard.client.SignInDemand;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Which wider or fresher access was asked for in vain, so that an agent that tries an operation
/// again and again does not ask the identity provider, or the person, again and again (CLI-10). The
/// client cannot see operations; what a server demands for one stands for it. Thread-safe.
final class FailedDemands {
  /// An administrator who allows it is not made to wait longer.
  private static final Duration MEMORY = Duration.ofMinutes(5);

  /// A token that is refused so soon after it was obtained was refused from the start.
  private static final Duration SOON = Duration.ofSeconds(10);

  /// A server chooses what it demands, and could demand something else every time.
  private static final int MOST = 500;

  private final Map<Demand, Failure> failures = bounded();
  private final Map<Demand, Answer> answers = bounded();
  private final InstantSource clock;

  FailedDemands(InstantSource clock) {
    this.clock = clock;
  }

  private static <T> Map<Demand, T> bounded() {
    return new LinkedHashMap<>() {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<Demand, T> eldest) {
        return size() > MOST;
      }
    };
  }

  /// What a server demanded of whom. Neither scopes nor a sign-in: another token.
  record Demand(
      String user, ResourceIndicator server, Scopes needed, Optional<SignInDemand> signIn) {
    boolean isForAnyToken() {
      return needed.isEmpty() && signIn.isEmpty();
    }
  }

  private record Failure(Access.Denied denied, Instant until) {}

  private record Answer(Secret token, Instant at) {}

  /// The refusal of a little while ago.
  synchronized Optional<Access.Denied> recent(Demand demand) {
    return Optional.ofNullable(failures.get(demand))
        .filter(failure -> clock.instant().isBefore(failure.until()))
        .map(Failure::denied);
  }

  synchronized void remember(Demand demand, Access.Denied denied) {
    failures.put(demand, new Failure(denied, clock.instant().plus(MEMORY)));
  }

  /// This token was obtained because of the demand.
  synchronized void answered(Demand demand, Secret token) {
    answers.put(demand, new Answer(token, clock.instant()));
  }

  /// Whether the refused token is the very one that was obtained because of the same demand, and
  /// another like it would be no better.
  synchronized boolean isInVain(Demand demand, Secret refused) {
    var answer = answers.get(demand);
    return answer != null
        && answer.token().equals(refused)
        && servesFor(demand)
            .map(time -> clock.instant().isBefore(answer.at().plus(time)))
            .orElse(true);
  }

  /// How long a token stays what was demanded; empty: always.
  private static Optional<Duration> servesFor(Demand demand) {
    if (demand.isForAnyToken()) {
      return Optional.of(SOON);
    }
    return demand
        .signIn()
        .flatMap(SignInDemand::maxAge)
        .map(age -> age.compareTo(SOON) < 0 ? SOON : age);
  }

  synchronized void clear() {
    failures.clear();
    answers.clear();
  }
}
