package dev.lanyard.server.http;

import java.security.SecureRandom;
import java.util.Base64;

/// Names one request in our answers, our log and our audit record.
final class CorrelationId {
  static final String HEADER = "Lanyard-Correlation-Id";
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int BYTES = 12;

  private CorrelationId() {}

  /// 16 characters that may stand in a URL. It is made here and never taken from the peer, who
  /// could otherwise choose what an administrator finds.
  static String next() {
    var bytes = new byte[BYTES];
    RANDOM.nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
