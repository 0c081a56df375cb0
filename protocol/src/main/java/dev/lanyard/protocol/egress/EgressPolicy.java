package dev.lanyard.protocol.egress;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Where an [EgressClient] may go. The default is the public internet over HTTPS; each relaxation
/// is named for what it lays open.
///
/// @param exposesLoopback whether services on this machine can be reached, also without TLS
/// @param internalHosts host names that may have addresses of private networks
/// @param authorities certificate authorities to trust beside the platform's
/// @param timeout for a whole exchange, from the look-up of the name to the last byte
/// @param maxBytes of a response body
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/basic/security_best_practices MCP
///   security best practices, Server-Side Request Forgery (SEC-6, CLI-16)
public record EgressPolicy(
    boolean exposesLoopback,
    Set<String> internalHosts,
    List<X509Certificate> authorities,
    Duration timeout,
    int maxBytes) {

  public EgressPolicy {
    var lower = new HashSet<String>();
    internalHosts.forEach(host -> lower.add(host.toLowerCase(Locale.ROOT)));
    internalHosts = Set.copyOf(lower);
    authorities = List.copyOf(authorities);
    if (timeout.isNegative() || timeout.isZero() || maxBytes < 1) {
      throw new IllegalArgumentException("timeout and maxBytes must be positive");
    }
  }

  /// HTTPS to public addresses only; 10 seconds; 256 KiB.
  public static EgressPolicy strict() {
    return new EgressPolicy(false, Set.of(), List.of(), Duration.ofSeconds(10), 256 * 1024);
  }

  /// Also loopback addresses, there also over plain HTTP. Whoever can choose a URL can then call
  /// every service on this machine: for demos, tests and clients on a developer's desk.
  public EgressPolicy exposingLoopback() {
    return new EgressPolicy(true, internalHosts, authorities, timeout, maxBytes);
  }

  /// Also these hosts, whatever their addresses are. Whoever controls the names' resolution can
  /// then choose the address: for an identity provider inside the company.
  public EgressPolicy exposingInternalHosts(Set<String> hosts) {
    var all = new HashSet<>(internalHosts);
    all.addAll(hosts);
    return new EgressPolicy(exposesLoopback, all, authorities, timeout, maxBytes);
  }

  /// Also servers whose certificates come from these authorities.
  public EgressPolicy trusting(List<X509Certificate> more) {
    var all = new ArrayList<>(authorities);
    all.addAll(more);
    return new EgressPolicy(exposesLoopback, internalHosts, all, timeout, maxBytes);
  }

  /// The same with other limits.
  public EgressPolicy limitedTo(Duration timeout, int maxBytes) {
    return new EgressPolicy(exposesLoopback, internalHosts, authorities, timeout, maxBytes);
  }

  /// Whether a connection may go to this address of a host, over TLS. For whoever connects by
  /// another client than [EgressClient], which asks this itself: every address must be asked about,
  /// and the connection must go to one of those that were.
  ///
  /// @param host as the URL has it, without brackets
  public boolean permits(String host, InetAddress address) {
    return SpecialUse.isPublic(address)
        || (exposesLoopback && address.isLoopbackAddress())
        || internalHosts.contains(host.toLowerCase(Locale.ROOT));
  }

  boolean permitsPlainHttpTo(InetAddress address) {
    return exposesLoopback && address.isLoopbackAddress();
  }
}
