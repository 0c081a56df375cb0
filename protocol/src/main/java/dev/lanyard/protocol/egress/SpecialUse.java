package dev.lanyard.protocol.egress;

import java.net.InetAddress;
import java.util.List;

/// Which addresses are not on the public internet.
///
/// @spec https://www.rfc-editor.org/rfc/rfc6890.html#section-2.2 RFC 6890 §2.2 and the IANA
///   registries of special-purpose addresses
final class SpecialUse {
  private static final List<Range> BLOCKED_V4 =
      List.of(
          Range.of(8, 0), // this network
          Range.of(8, 10), // private
          Range.of(10, 100, 64), // shared by carriers
          Range.of(8, 127), // loopback
          Range.of(16, 169, 254), // link-local, where clouds keep their credentials
          Range.of(12, 172, 16), // private
          Range.of(24, 192, 0, 0), // protocol assignments
          Range.of(24, 192, 0, 2), // documentation
          Range.of(24, 192, 88, 99), // 6to4 relays
          Range.of(16, 192, 168), // private
          Range.of(15, 198, 18), // benchmarks
          Range.of(24, 198, 51, 100), // documentation
          Range.of(24, 203, 0, 113), // documentation
          Range.of(3, 224)); // multicast, reserved, broadcast

  /// Of IPv6 only global unicast is public at all: unique local, link-local, mapped and translated
  /// (NAT64) addresses are outside of it.
  private static final Range GLOBAL_UNICAST_V6 = Range.of(3, 0x20);

  private static final List<Range> BLOCKED_V6 =
      List.of(
          Range.of(23, 0x20, 0x01, 0x00), // protocol assignments, Teredo
          Range.of(32, 0x20, 0x01, 0x0d, 0xb8), // documentation
          Range.of(16, 0x20, 0x02), // 6to4: carries any IPv4 address
          Range.of(20, 0x3f, 0xff, 0x00)); // documentation

  private SpecialUse() {}

  static boolean isPublic(InetAddress address) {
    // Java turns an IPv4-mapped IPv6 address into the IPv4 address before we see it.
    var bytes = address.getAddress();
    return bytes.length == 4
        ? BLOCKED_V4.stream().noneMatch(range -> range.contains(bytes))
        : GLOBAL_UNICAST_V6.contains(bytes)
            && BLOCKED_V6.stream().noneMatch(range -> range.contains(bytes));
  }

  private record Range(int prefix, List<Integer> start) {
    static Range of(int prefix, Integer... start) {
      return new Range(prefix, List.of(start));
    }

    boolean contains(byte[] address) {
      for (int bit = 0; bit < prefix; bit++) {
        int index = bit / 8;
        int expected = index < start.size() ? start.get(index) : 0;
        int mask = 0x80 >> (bit % 8);
        if ((address[index] & mask) != (expected & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
