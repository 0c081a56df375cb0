package dev.lanyard.server.tlog;

import dev.lanyard.protocol.json.MalformedException;
import java.util.Base64;

/// Base64 in the one form that C2SP's formats have it: padded, and without a second spelling of the
/// same octets.
final class Base64s {
  private Base64s() {}

  static byte[] decode(String text) throws MalformedException {
    try {
      var bytes = Base64.getDecoder().decode(text);
      if (Base64.getEncoder().encodeToString(bytes).equals(text)) {
        return bytes;
      }
    } catch (IllegalArgumentException _) {
      // The same fault as a second spelling.
    }
    throw new MalformedException("not base64");
  }
}
