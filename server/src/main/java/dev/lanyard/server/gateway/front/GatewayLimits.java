package dev.lanyard.server.gateway.front;

import java.time.Duration;

/// What one person may take, and how long servers upstream may take. Each node counts for itself.
///
/// @param bodyBytes the largest request
/// @param messageBytes the largest message that is looked into: an event of a stream, or a list
/// @param answerBytes the largest answer that is no stream
/// @param callsPerMinute messages of one person at one connector, those of a batch one by one
/// @param callsOfOneToolPerMinute calls of one tool by one person, or of all that one entry of the
///   library with a star means
/// @param callsPerMinuteOfAll messages of all people at one connector; as many as can be unless
///   somebody says so, since the quota of a server is known to whoever pays for it
/// @param atOnce requests of one person at one connector that may be under way at once, streams and
///   those of a batch among them
/// @param callsOfOneToolAtOnce calls of one tool by one person that may be under way at once, or of
///   all that one entry of the library with a star means
/// @param atOnceOfAll requests of all people at one connector that may be under way at once
/// @param answerWithin how long a server may take until it begins to answer
/// @param failuresInARow after so many a server is left alone
/// @param leftAloneFor for so long
/// @param partWithin how long one server of an aggregate may keep the others waiting that are asked
///   with it
/// @param streamWithin after so long without an answer a client is told that its stream is open
public record GatewayLimits(
    int bodyBytes,
    int messageBytes,
    long answerBytes,
    int callsPerMinute,
    int callsOfOneToolPerMinute,
    int callsPerMinuteOfAll,
    int atOnce,
    int callsOfOneToolAtOnce,
    int atOnceOfAll,
    Duration answerWithin,
    int failuresInARow,
    Duration leftAloneFor,
    Duration partWithin,
    Duration streamWithin) {
  /// Beyond this nothing is read as JSON.
  private static final int MOST_BYTES = 4 * 1024 * 1024;

  private static final Duration PART_WITHIN = Duration.ofSeconds(10);
  private static final Duration STREAM_WITHIN = Duration.ofSeconds(5);

  public static final GatewayLimits DEFAULT =
      new GatewayLimits(
          MOST_BYTES,
          MOST_BYTES,
          64L * 1024 * 1024,
          600,
          300,
          Integer.MAX_VALUE,
          32,
          16,
          20_000,
          Duration.ofMinutes(5),
          5,
          Duration.ofSeconds(10));

  /// What can be configured; the rest is as ever.
  public GatewayLimits(
      int bodyBytes,
      int messageBytes,
      long answerBytes,
      int callsPerMinute,
      int callsOfOneToolPerMinute,
      int callsPerMinuteOfAll,
      int atOnce,
      int callsOfOneToolAtOnce,
      int atOnceOfAll,
      Duration answerWithin,
      int failuresInARow,
      Duration leftAloneFor) {
    this(
        bodyBytes,
        messageBytes,
        answerBytes,
        callsPerMinute,
        callsOfOneToolPerMinute,
        callsPerMinuteOfAll,
        atOnce,
        callsOfOneToolAtOnce,
        atOnceOfAll,
        answerWithin,
        failuresInARow,
        leftAloneFor,
        PART_WITHIN,
        STREAM_WITHIN);
  }

  /// The same with other patience for servers of an aggregate and for streams: for tests, which do
  /// not wait that long.
  public GatewayLimits waiting(Duration forPart, Duration forStream) {
    return new GatewayLimits(
        bodyBytes,
        messageBytes,
        answerBytes,
        callsPerMinute,
        callsOfOneToolPerMinute,
        callsPerMinuteOfAll,
        atOnce,
        callsOfOneToolAtOnce,
        atOnceOfAll,
        answerWithin,
        failuresInARow,
        leftAloneFor,
        forPart,
        forStream);
  }

  /// @throws IllegalArgumentException if a limit is not positive, or larger than what can be read
  public GatewayLimits {
    within("max_request_bytes", bodyBytes, MOST_BYTES);
    within("max_message_bytes", messageBytes, MOST_BYTES);
    within("max_answer_bytes", answerBytes, Long.MAX_VALUE);
    within("calls_per_minute", callsPerMinute, Integer.MAX_VALUE);
    within("calls_of_one_tool_per_minute", callsOfOneToolPerMinute, Integer.MAX_VALUE);
    within("calls_per_minute_of_all", callsPerMinuteOfAll, Integer.MAX_VALUE);
    within("at_once", atOnce, Integer.MAX_VALUE);
    within("calls_of_one_tool_at_once", callsOfOneToolAtOnce, Integer.MAX_VALUE);
    within("at_once_of_all", atOnceOfAll, Integer.MAX_VALUE);
    within("answer_within", answerWithin.toMillis(), Duration.ofHours(1).toMillis());
    within("failures_in_a_row", failuresInARow, Integer.MAX_VALUE);
    within("left_alone_for", leftAloneFor.toMillis(), Duration.ofHours(1).toMillis());
  }

  private static void within(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "'%s' of the gateway's limits must be between 1 and %d, not %d"
              .formatted(name, most, value));
    }
  }
}
