package dev.lanyard.kafka;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/// What the client of Kafka says when something failed, for an administrator.
final class Failure {
  private Failure() {}

  /// What the brokers said, or TLS; nothing that the client says about its own settings, which
  /// could quote them (SEC-10).
  static String words(Throwable failure) {
    var said =
        causes(failure).stream()
            .filter(cause -> cause instanceof ApiException || cause instanceof SSLException)
            .map(cause -> String.valueOf(cause.getMessage()))
            .distinct()
            .collect(Collectors.joining(": "));
    return said.isEmpty() ? kinds(failure) : said;
  }

  /// Whether a record, or a batch of them, is larger than the brokers take.
  static boolean isOfSize(Throwable failure) {
    return causes(failure).stream()
        .anyMatch(cause ->
            cause instanceof RecordTooLargeException
                || cause instanceof RecordBatchTooLargeException);
  }

  static String kinds(Throwable failure) {
    return causes(failure).stream()
        .map(cause -> cause.getClass().getSimpleName())
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static List<Throwable> causes(Throwable failure) {
    var causes = new ArrayList<Throwable>();
    for (@Nullable Throwable cause = failure; cause != null; cause = cause.getCause()) {
      causes.add(cause);
    }
    return causes;
  }
}
