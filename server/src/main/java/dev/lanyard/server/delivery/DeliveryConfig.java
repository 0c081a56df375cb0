package dev.lanyard.server.delivery;

import java.time.Duration;

/// How hard is tried.
///
/// @param firstPause before the second attempt; every further pause is twice as long
/// @param longestPause at most
/// @param giveUpAfter how old a message may become before it is a dead letter
/// @param attempts how many attempts in a row may begin and not end, before a message is given up
///   that kills whoever sends it; attempts that end are limited by nothing but time
/// @param lease how long one attempt may take; after a crash so long passes until the next one
/// @param keep how long the record of a message that has arrived is kept
/// @param look how often the record is asked for messages that are due
public record DeliveryConfig(
    Duration firstPause,
    Duration longestPause,
    Duration giveUpAfter,
    int attempts,
    Duration lease,
    Duration keep,
    Duration look) {
  /// From a second to five minutes, for three days; arrived messages are remembered for 90 days.
  public static final DeliveryConfig DEFAULT =
      new DeliveryConfig(
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofDays(3),
          1_000,
          Duration.ofSeconds(30),
          Duration.ofDays(90),
          Duration.ofMillis(500));

  /// @throws IllegalArgumentException if a value makes no sense
  public DeliveryConfig {
    if (!firstPause.isPositive() || longestPause.compareTo(firstPause) < 0) {
      throw new IllegalArgumentException(
          "delivery.longest_pause must be at least delivery.first_pause, which must be positive");
    }
    if (giveUpAfter.compareTo(longestPause) < 0 || attempts < 1) {
      throw new IllegalArgumentException(
          "delivery.give_up_after must be at least delivery.longest_pause,"
              + " and delivery.attempts at least 1");
    }
    if (!lease.isPositive() || !keep.isPositive() || !look.isPositive()) {
      throw new IllegalArgumentException("delivery: lease, keep and look must be positive");
    }
  }
}
