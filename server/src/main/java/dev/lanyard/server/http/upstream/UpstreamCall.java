package dev.lanyard.server.http.upstream;

import java.time.Duration;
import java.util.Optional;

/// A request that is under way to a server upstream, in whatever way it is reached. Thread-safe.
public interface UpstreamCall {
  /// Waits for the head of the answer. If none comes in time the request is given up.
  UpstreamAnswer await(Duration atMost);

  /// The head of the answer, if it comes in time; the request goes on if it does not.
  Optional<UpstreamAnswer> peek(Duration atMost);

  /// Has somebody told when there is an answer, or none to come.
  void onAnswer(Runnable listener);

  /// Gives the request up, and an answer that is arriving with it.
  void cut(String why);
}
