package dev.lanyard.server.http;

import java.security.SecureRandom;

/// Names one request in our answers, our log and our audit record.
final class CorrelationId {
  static final String HEADER = "Lanyard-Correlation-Id";
  private static final SecureRandom RANDOM = new SecureRandom();

  /// Crockford's: no letter that sounds or looks like another or like a digit.
  private static final String ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

  private static final int GROUPS = 3;
  private static final int GROUP = 4;
  private static final int BITS = 5;

  private CorrelationId() {}

  /// Three groups of four characters that may stand in a URL and can be read aloud:
  /// `7kq4-m2xd-9phf`. Of 60 random bits; whoever knows one can do nothing with it. It is made here
  /// and never taken from the peer, who could otherwise choose what an administrator finds.
  static String next() {
    long bits = RANDOM.nextLong();
    var id = new StringBuilder(GROUPS * (GROUP + 1));
    for (int i = 0; i < GROUPS * GROUP; i++) {
      if (i > 0 && i % GROUP == 0) {
        id.append('-');
      }
      id.append(ALPHABET.charAt((int) (bits & (ALPHABET.length() - 1))));
      bits >>>= BITS;
    }
    return id.toString();
  }
}
