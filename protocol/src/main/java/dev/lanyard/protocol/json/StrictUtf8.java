package dev.lanyard.protocol.json;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Decodes text that came from outside. The constructors of [String] put U+FFFD where bytes are not
/// UTF-8; here such bytes are refused.
public final class StrictUtf8 {
  private StrictUtf8() {}

  /// The text that these bytes are.
  ///
  /// @throws MalformedException if they are not UTF-8
  /// @spec https://www.rfc-editor.org/rfc/rfc3629.html#section-10 RFC 3629 §10
  public static String decode(byte[] bytes) throws MalformedException {
    if (isAscii(bytes)) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new MalformedException("not UTF-8 text");
    }
  }

  /// Nearly everything is, and a decoder would copy it three times.
  private static boolean isAscii(byte[] bytes) {
    int all = 0;
    for (byte one : bytes) {
      all |= one;
    }
    return all >= 0;
  }
}
