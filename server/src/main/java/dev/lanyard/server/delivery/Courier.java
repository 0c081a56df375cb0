package dev.lanyard.server.delivery;

import java.time.Duration;
import java.util.Optional;

/// Carries one kind of message: one attempt per call, on a thread that may wait.
///
/// A message may be carried **more than once** (a node died after sending and before noting it), so
/// what is sent must name [Parcel#id], or be harmless when repeated. A courier ends within
/// [DeliveryConfig#lease]; it sends by [dev.lanyard.protocol.egress.EgressClient] only. An
/// exception is a fault of ours and counts as [Result.RetryLater].
@FunctionalInterface
public interface Courier {
  Result carry(Parcel parcel);

  /// A message with what is known of it.
  ///
  /// @param id the same at every attempt
  /// @param attempt the first is 1
  /// @param answer what the attempt before led to, also one after which it was given up
  record Parcel(String id, Delivery delivery, int attempt, Optional<String> answer) {}

  /// What became of one attempt. The text is kept and shown to administrators: never a token.
  sealed interface Result {
    /// The other side has it.
    record Delivered(String answer) implements Result {}

    /// There is nothing left to tell: the other side does not know, or no longer wants to.
    record Gone(String answer) implements Result {}

    /// Not now.
    ///
    /// @param after when the other side said to come back
    record RetryLater(String answer, Optional<Duration> after) implements Result {
      public RetryLater(String answer) {
        this(answer, Optional.empty());
      }
    }

    /// Nothing has failed: it waits for something that ends by itself, and is not given up before.
    /// Its age counts from now on.
    record Pending(String answer) implements Result {}

    /// Never: another attempt would be answered the same. It becomes a dead letter at once.
    record Refused(String answer) implements Result {}
  }
}
