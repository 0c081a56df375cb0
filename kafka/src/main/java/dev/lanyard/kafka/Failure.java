package dev.lanyard.kafka;

import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.ApiException;

/// What the client of Kafka says when something failed, for an administrator.
final class Failure {
  private Failure() {}

  /// What the brokers said, or TLS; nothing that the client says about its own settings, which
  /// could quote them (SEC-10).
  static String words(Throwable failure) {
    var said =
        causes(failure)
            .filter(cause -> cause instanceof ApiException || cause instanceof SSLException)
            .map(Throwable::getMessage)
            .filter(message -> message != null)
            .distinct()
            .collect(Collectors.joining(": "));
    return said.isEmpty() ? kinds(failure) : said;
  }

  static String kinds(Throwable failure) {
    return causes(failure)
        .map(cause -> cause.getClass().getSimpleName())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static Stream<Throwable> causes(Throwable failure) {
    return Stream.iterate(failure, cause -> cause != null, Throwable::getCause);
  }
}
