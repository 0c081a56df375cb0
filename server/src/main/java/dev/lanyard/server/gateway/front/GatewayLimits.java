package dev.lanyard.server.gateway.front;

import java.time.Duration;

/// What one person may take, and how long servers upstream may take. Each node counts for itself.
///
/// @param sizes how large what passes may be
/// @param shares how much people may take
/// @param patience how long servers are waited for
/// @param failures when a server is left alone
public record GatewayLimits(Sizes sizes, Shares shares, Patience patience, Failures failures) {
  /// What counts where nobody says anything else.
  public static final GatewayLimits DEFAULT =
      new GatewayLimits(
          new Sizes(Sizes.MOST, Sizes.MOST, 64L * 1024 * 1024),
          new Shares(600, 300, Integer.MAX_VALUE, 32, 16, 20_000),
          new Patience(Duration.ofMinutes(5)),
          new Failures(5, Duration.ofSeconds(10)));

  /// How large what passes may be, in bytes.
  ///
  /// @param body the largest request
  /// @param message the largest message that is looked into: an event of a stream, or a list
  /// @param answer the largest answer that is no stream
  public record Sizes(int body, int message, long answer) {
    /// Beyond this nothing is read as JSON.
    private static final int MOST = 4 * 1024 * 1024;

    /// @throws IllegalArgumentException if one is not positive, or larger than what can be read
    public Sizes {
      within("max_request_bytes", body, MOST);
      within("max_message_bytes", message, MOST);
      within("max_answer_bytes", answer, Long.MAX_VALUE);
    }
  }

  /// How much people may take at one connector.
  ///
  /// @param perMinute messages of one person, those of a batch one by one
  /// @param ofOneToolPerMinute calls of one tool by one person, or of all that one entry of the
  ///   library with a star means
  /// @param ofAllPerMinute messages of all people; as many as can be unless somebody says so, since
  ///   the quota of a server is known to whoever pays for it
  /// @param atOnce requests of one person that may be under way at once, streams and those of a
  ///   batch among them
  /// @param ofOneToolAtOnce calls of one tool by one person that may be under way at once, or of
  ///   all that one entry of the library with a star means
  /// @param ofAllAtOnce requests of all people that may be under way at once
  public record Shares(
      int perMinute,
      int ofOneToolPerMinute,
      int ofAllPerMinute,
      int atOnce,
      int ofOneToolAtOnce,
      int ofAllAtOnce) {
    /// @throws IllegalArgumentException if one is not positive
    public Shares {
      within("calls_per_minute", perMinute, Integer.MAX_VALUE);
      within("calls_of_one_tool_per_minute", ofOneToolPerMinute, Integer.MAX_VALUE);
      within("calls_per_minute_of_all", ofAllPerMinute, Integer.MAX_VALUE);
      within("at_once", atOnce, Integer.MAX_VALUE);
      within("calls_of_one_tool_at_once", ofOneToolAtOnce, Integer.MAX_VALUE);
      within("at_once_of_all", ofAllAtOnce, Integer.MAX_VALUE);
    }
  }

  /// How long servers are waited for.
  ///
  /// @param answer until a server begins to answer
  /// @param part how long one server of an aggregate may keep the others waiting that are asked
  ///   with it
  /// @param stream after so long without an answer a client is told that its stream is open
  public record Patience(Duration answer, Duration part, Duration stream) {
    /// What can be configured; the rest is as ever.
    public Patience(Duration answer) {
      this(answer, Duration.ofSeconds(10), Duration.ofSeconds(5));
    }

    /// @throws IllegalArgumentException if that for an answer is not positive, or over an hour
    public Patience {
      within("answer_within", answer.toMillis(), Duration.ofHours(1).toMillis());
    }
  }

  /// When a server is left alone.
  ///
  /// @param inARow after so many failures
  /// @param leftAlone for so long
  public record Failures(int inARow, Duration leftAlone) {
    /// @throws IllegalArgumentException if one is not positive, or the time is over an hour
    public Failures {
      within("failures_in_a_row", inARow, Integer.MAX_VALUE);
      within("left_alone_for", leftAlone.toMillis(), Duration.ofHours(1).toMillis());
    }
  }

  private static void within(String name, long value, long most) {
    if (value < 1 || value > most) {
      throw new IllegalArgumentException(
          "'%s' of the gateway's limits must be between 1 and %d, not %d"
              .formatted(name, most, value));
    }
  }
}
