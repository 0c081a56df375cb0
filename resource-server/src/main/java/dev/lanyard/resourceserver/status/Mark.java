package dev.lanyard.resourceserver.status;

import java.nio.ByteBuffer;
import java.util.Base64;

/// The mark of a [Notice] as two numbers.
record Mark(long high, long low) {
  /// @param mark as it is written
  static Mark of(String mark) {
    var bytes = ByteBuffer.wrap(Base64.getUrlDecoder().decode(mark));
    long high = bytes.getLong();
    // Two zeros stand for an empty place in the table.
    return new Mark(high == 0 ? 1 : high, bytes.getLong());
  }
}
