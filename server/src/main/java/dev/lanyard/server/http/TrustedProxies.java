package dev.lanyard.server.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which proxies stand in front of this server and say from where a request came.
///
/// A header that anybody else sends is not believed: whoever could choose their address could be
/// somebody else at every request.
///
/// @param header the header that the proxies write, such as `X-Forwarded-For`; empty if there are
///   no proxies
/// @param networks the networks that the proxies are in
public record TrustedProxies(Optional<String> header, List<Network> networks) {
  /// Nobody stands in between.
  public static final TrustedProxies NONE = new TrustedProxies(Optional.empty(), List.of());

  private static final int LONGEST_CHAIN = 20;
  private static final Pattern DOTTED = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern WITH_PORT =
      Pattern.compile("(?:(?<v4>[0-9.]+)|\\[(?<v6>[0-9A-Fa-f:.]+)])(?::[0-9]{1,5})?");

  public TrustedProxies {
    networks = List.copyOf(networks);
    if (header.filter("Forwarded"::equalsIgnoreCase).isPresent()) {
      throw new IllegalArgumentException(
          "'address_header' names Forwarded (RFC 7239), which is not read: have the proxy write"
              + " X-Forwarded-For, and name that");
    }
    if (header.isPresent() == networks.isEmpty()) {
      throw new IllegalArgumentException(
          "'address_header' and 'trusted_proxies' need each other: the header counts only from the"
              + " proxies");
    }
  }

  /// From where a request comes: the last address in the chain that is none of our proxies.
  ///
  /// @param peer the other end of the socket
  /// @param lines the header's lines, in order
  InetAddress source(InetAddress peer, List<String> lines) {
    var source = peer;
    var chain = String.join(",", lines).split(",", -1);
    int shortest = Math.max(0, chain.length - LONGEST_CHAIN);
    // From the right: what is on the left was written by whoever sent the request.
    for (int i = chain.length - 1; i >= shortest && isTrusted(source); i--) {
      var said = address(withoutPort(chain[i].strip()));
      if (said.isEmpty()) {
        return source;
      }
      source = said.get();
    }
    return source;
  }

  /// Whether this is one of them.
  boolean isTrusted(InetAddress address) {
    return networks.stream().anyMatch(network -> network.contains(address));
  }

  /// Some proxies write the port behind the address: `192.0.2.7:51234`, `[2001:db8::1]:443`.
  private static String withoutPort(String text) {
    var parts = WITH_PORT.matcher(text);
    if (!parts.matches()) {
      return text;
    }
    return parts.group("v6") == null ? parts.group("v4") : parts.group("v6");
  }

  /// Never asks anybody for a name.
  private static Optional<InetAddress> address(String text) {
    // `1` and `192.0.2` are addresses too, for whoever is lenient.
    boolean isWhole = text.indexOf(':') >= 0 || DOTTED.matcher(text).matches();
    try {
      return isWhole ? Optional.of(InetAddress.ofLiteral(text)) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Addresses that begin with the same bits.
  ///
  /// @param bits how many
  public record Network(InetAddress first, int bits) {
    public Network {
      if (bits < 0 || bits > first.getAddress().length * Byte.SIZE) {
        throw new IllegalArgumentException(
            "/" + bits + " is longer than an address of " + first.getHostAddress());
      }
    }

    /// Reads `10.0.0.0/8`, or one address.
    ///
    /// @throws IllegalArgumentException if it is neither
    public static Network parse(String text) {
      var parts = text.split("/", -1);
      var first = address(parts[0]);
      if (first.isEmpty()
          || parts.length > 2
          || (parts.length == 2 && !parts[1].matches("[0-9]{1,3}"))) {
        throw new IllegalArgumentException("'" + text + "' is no network such as 10.0.0.0/8");
      }
      int all = first.get().getAddress().length * Byte.SIZE;
      return new Network(first.get(), parts.length == 2 ? Integer.parseInt(parts[1]) : all);
    }

    boolean contains(InetAddress address) {
      var one = first.getAddress();
      var other = address.getAddress();
      if (one.length != other.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit % Byte.SIZE);
        if ((one[bit / Byte.SIZE] & mask) != (other[bit / Byte.SIZE] & mask)) {
          return false;
        }
      }
      return true;
    }
  }
}
