package dev.lanyard.protocol.statuslist;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// The statuses of many tokens, some bits for each, the lowest bits of a byte first (TSL-2).
/// Immutable.
///
/// @spec https://datatracker.ietf.org/doc/html/draft-ietf-oauth-status-list-20#section-4 Token
///   Status List draft-20 §4
public final class StatusList {
  /// The token counts (TSL-4).
  public static final int VALID = 0;

  /// The token is dead, for good.
  public static final int INVALID = 1;

  /// A larger list is refused while it is unpacked: of a few bytes one can make gigabytes.
  static final int MOST_BYTES = 4 * 1024 * 1024;

  private final int bits;
  private final byte[] statuses;

  private StatusList(int bits, byte[] statuses) {
    this.bits = bits;
    this.statuses = statuses;
  }

  /// A list of one bit for each token.
  ///
  /// @param size how many tokens, a multiple of 8
  /// @param invalid the indexes of the tokens that are dead
  /// @throws IllegalArgumentException if the size is not a multiple of 8 or an index is beyond it
  public static StatusList of(int size, BitSet invalid) {
    if (size <= 0 || size % Byte.SIZE != 0 || invalid.length() > size) {
      throw new IllegalArgumentException("not a list of " + size + " statuses");
    }
    return new StatusList(1, Arrays.copyOf(invalid.toByteArray(), size / Byte.SIZE));
  }

  /// Reads the claim `status_list`.
  ///
  /// @throws MalformedException if it is not one, or would be too large
  public static StatusList parse(JsonObject claim) throws MalformedException {
    int bits =
        Math.toIntExact(
            claim
                .integer("bits")
                .filter(number -> number == 1 || number == 2 || number == 4 || number == 8)
                .orElseThrow(() -> new MalformedException("'bits' is none of 1, 2, 4, 8")));
    return new StatusList(bits, inflated(decoded(claim.nonEmptyString("lst"))));
  }

  private static byte[] decoded(String base64url) throws MalformedException {
    try {
      return Base64.getUrlDecoder().decode(base64url);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("'lst' is not base64url");
    }
  }

  private static byte[] inflated(byte[] compressed) throws MalformedException {
    var inflater = new Inflater();
    try {
      inflater.setInput(compressed);
      var out = new ByteArrayOutputStream();
      var buffer = new byte[8192];
      while (!inflater.finished()) {
        int length = inflater.inflate(buffer);
        if (length == 0 || out.size() + length > MOST_BYTES) {
          throw new MalformedException("'lst' is cut off or larger than " + MOST_BYTES + " bytes");
        }
        out.write(buffer, 0, length);
      }
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new MalformedException("'lst' is not compressed by DEFLATE in a ZLIB wrapper");
    } finally {
      inflater.end();
    }
  }

  /// How many tokens it has room for.
  public long size() {
    return (long) statuses.length * Byte.SIZE / bits;
  }

  /// The status of a token.
  ///
  /// @throws IndexOutOfBoundsException if there is none at this index; see [#size]
  public int get(long index) {
    if (index < 0 || index >= size()) {
      throw new IndexOutOfBoundsException("no status " + index);
    }
    long bit = index * bits;
    int octet = statuses[(int) (bit / Byte.SIZE)] & 0xff;
    return octet >> (bit % Byte.SIZE) & ((1 << bits) - 1);
  }

  /// The claim `status_list`.
  public JsonObject toJson() {
    return JsonObject.builder().put("bits", (long) bits).put("lst", compressed()).build();
  }

  private String compressed() {
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try {
      deflater.setInput(statuses);
      deflater.finish();
      var out = new ByteArrayOutputStream();
      var buffer = new byte[8192];
      while (!deflater.finished()) {
        out.write(buffer, 0, deflater.deflate(buffer));
      }
      return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
    } finally {
      deflater.end();
    }
  }
}
