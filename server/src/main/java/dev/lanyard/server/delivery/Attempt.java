package dev.lanyard.server.delivery;

import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.server.delivery.Courier.Parcel;
import dev.lanyard.server.delivery.Courier.Result;
import dev.lanyard.server.delivery.Letter.State;
import dev.lanyard.server.delivery.Letters.Claimed;
import dev.lanyard.server.delivery.Letters.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What one attempt means for a message: whether it is done, tried again and when, or given up.
final class Attempt {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
  private static final int LONGEST_ANSWER = 500;
  private static final int MOST_DOUBLINGS = 30;

  private final DeliveryConfig config;
  private final RandomGenerator random;
  private final UnaryOperator<Instant> cautious;

  /// @param cautious an earlier time if this node's clock may be ahead; asked before a message is
  ///   given up
  Attempt(DeliveryConfig config, RandomGenerator random, UnaryOperator<Instant> cautious) {
    this.config = config;
    this.random = random;
    this.cautious = cautious;
  }

  /// Has the courier carry the message once.
  Result carry(Courier courier, Claimed claimed) {
    var letter = claimed.letter();
    if (claimed.unended() > config.attempts()) {
      // The attempts before never came to an end: whoever made them died of it, perhaps.
      return new Result.Refused("no attempt ended: " + letter.answer().orElse("no answer"));
    }
    try {
      return courier.carry(
          new Parcel(letter.id(), letter.delivery(), letter.attempts(), letter.answer()));
    } catch (RuntimeException | Error e) {
      LOG.error("the courier for {} failed", letter.delivery().kind(), e);
      return new Result.RetryLater("a fault of ours: " + e.getClass().getSimpleName());
    }
  }

  Settlement settlement(Claimed claimed, Result result, Instant now) {
    return switch (result) {
      case Result.Delivered(var answer) -> arrived(State.DELIVERED, answer, now);
      case Result.Gone(var answer) -> arrived(State.GONE, answer, now);
      case Result.Refused(var answer) -> dead(answer, now);
      case Result.RetryLater(var answer, var after) -> {
        var pause = pause(claimed.letter().attempts(), after);
        var last = claimed.triedSince().plus(config.giveUpAfter());
        yield now.isAfter(last) && cautious.apply(now).isAfter(last)
            ? dead(answer, now)
            : waiting(answer, now, pause, Optional.empty());
      }
      // From here on it would be a failure.
      case Result.Pending(var answer) ->
          waiting(
              answer, now, pause(claimed.letter().attempts(), Optional.empty()), Optional.of(now));
    };
  }

  private Settlement arrived(State state, String answer, Instant now) {
    var forgetAfter = Optional.of(now.plus(config.keep()));
    return new Settlement(state, cut(answer), now, Optional.empty(), forgetAfter, Optional.empty());
  }

  private static Settlement dead(String answer, Instant now) {
    return new Settlement(
        State.DEAD, cut(answer), now, Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Settlement waiting(
      String answer, Instant now, Duration pause, Optional<Instant> triedSince) {
    return new Settlement(
        State.WAITING,
        cut(answer),
        now,
        Optional.of(now.plus(pause)),
        Optional.empty(),
        triedSince);
  }

  /// Twice as long each time, and then somewhere in the upper half of that, so that messages which
  /// failed together do not come back together. A wish of the other side is heard, within our own
  /// bounds.
  Duration pause(int attempts, Optional<Duration> wished) {
    var doubled = config.firstPause().multipliedBy(1L << Math.min(attempts - 1, MOST_DOUBLINGS));
    var whole = shorter(doubled, config.longestPause());
    var jittered = whole.dividedBy(2).plusNanos((long) (random.nextDouble() * whole.toNanos() / 2));
    var asked = shorter(wished.orElse(Duration.ZERO), config.longestPause());
    return asked.compareTo(jittered) > 0 ? asked : jittered;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private static String cut(String answer) {
    return Excerpt.of(answer, LONGEST_ANSWER);
  }
}
