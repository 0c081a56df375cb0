package dev.lanyard.server.gateway.front;

import dev.lanyard.protocol.mcp.McpMethod;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.stdio.StdioConfig;
import java.net.URI;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// One connector behind the gateway: a protected resource, and the server that it stands for.
///
/// @param connector its id in the role library
/// @param metadata what it says of itself; its `resource` is the address by which clients know it,
///   never taken from what they send (RS-23)
/// @param behind the server that it stands for; empty for an aggregate of others
/// @param bounds within what its server is used
/// @param origins of pages in browsers that may call it, beside its own; by default none (RS-14)
/// @param hosts what `Host` may say beside the host of its address
/// @param handling what is told and recorded of what is called
public record Front(
    String connector,
    ProtectedResourceMetadata metadata,
    Optional<Server> behind,
    Bounds bounds,
    Set<String> origins,
    Set<String> hosts,
    Handling handling) {
  private static final int LAST_PORT = 65_535;

  /// Within what a server is used.
  ///
  /// @param furtherMethods methods that are passed on beside those that the gateway knows
  /// @param coverage which scope of a token stands for which others too (RS-4)
  /// @param limits its own; empty if those of the gateway count
  public record Bounds(
      Set<String> furtherMethods, ScopeCoverage coverage, Optional<GatewayLimits> limits) {
    /// Nothing beside what the gateway knows, every scope for itself, and the gateway's limits.
    public static final Bounds USUAL = new Bounds(Set.of(), ScopeCoverage.EXACT, Optional.empty());

    /// @throws IllegalArgumentException if a method is about tasks
    public Bounds {
      furtherMethods = Set.copyOf(furtherMethods);
      furtherMethods.forEach(Bounds::further);
    }

    /// A method that may be passed on. Those for tasks the gateway knows itself: passed on, one
    /// person could ask for the task of another.
    ///
    /// @throws IllegalArgumentException if it is about tasks
    public static String further(String method) {
      if (method.startsWith(McpMethod.TASKS)) {
        throw new IllegalArgumentException(
            "the gateway knows '" + method + "', and whose each task is; leave it out");
      }
      return method;
    }
  }

  /// What is done beside passing on.
  ///
  /// @param marksGrades whether results say how what was called is graded
  /// @param disclosure what of arguments and results is recorded
  /// @param identity the secret by which the server is told who calls; empty if it is not
  public record Handling(boolean marksGrades, Disclosure disclosure, Optional<Secret> identity) {
    /// Nothing.
    public static final Handling PLAIN = new Handling(false, Disclosure.NONE, Optional.empty());

    /// As many bytes as the hash has (RFC 7518 §3.2), in hexadecimal digits.
    private static final int SHORTEST = 64;

    /// @throws IllegalArgumentException if the secret is short enough to be guessed
    public Handling {
      if (identity.filter(secret -> secret.reveal().length() < SHORTEST).isPresent()) {
        throw new IllegalArgumentException(
            "gateway.connectors.identity: the secret needs %d characters (openssl rand -hex 32)"
                .formatted(SHORTEST));
      }
    }

    /// Whether results have to be looked into.
    public boolean looksIntoResults() {
      return marksGrades || disclosure.looksIntoResults();
    }
  }

  /// What stands behind a front.
  public sealed interface Server {
    /// A server that is called over HTTP.
    ///
    /// @param url its MCP endpoint
    record At(URI url) implements Server {
      /// @throws IllegalArgumentException if it is no plain http(s) URL that can be called
      public At {
        plain("upstream", url);
      }
    }

    /// A server that speaks over standard input and output, in a process for each session.
    record Command(StdioConfig config) implements Server {}
  }

  /// @throws IllegalArgumentException if the address or the upstream is no plain http(s) URL
  public Front {
    plain("address", URI.create(metadata.resource().value()));
    origins = Set.copyOf(origins);
    var all = new HashSet<String>();
    hosts.forEach(host -> all.add(host.toLowerCase(Locale.ROOT)));
    all.add(URI.create(metadata.resource().value()).getRawAuthority().toLowerCase(Locale.ROOT));
    hosts = Set.copyOf(all);
  }

  /// A front with nothing in particular.
  public Front(String connector, ProtectedResourceMetadata metadata, URI upstream) {
    this(
        connector,
        metadata,
        Optional.of(new Server.At(upstream)),
        Bounds.USUAL,
        Set.of(),
        Set.of(),
        Handling.PLAIN);
  }

  private static void plain(String what, URI url) {
    boolean isHttp = "https".equals(url.getScheme()) || "http".equals(url.getScheme());
    if (!isHttp
        || url.getHost() == null
        || url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      throw new IllegalArgumentException(
          what + " must be an http(s) URL without user, query and fragment, not " + url);
    }
    if (url.getPort() == 0 || url.getPort() > LAST_PORT) {
      throw new IllegalArgumentException(what + ": there is no port " + url.getPort());
    }
  }

  /// The MCP endpoint of its server, if that is called over HTTP.
  public Optional<URI> upstream() {
    return behind.flatMap(
        one -> one instanceof Server.At(var url) ? Optional.of(url) : Optional.empty());
  }

  /// The header by which the gateway tells the server that it asks for itself, and for nobody;
  /// empty if the server is not told who calls.
  public Optional<UpstreamCredentials.Header> identityOfTheGateway(InstantSource clock) {
    return handling.identity().map(secret -> SignedIdentity.ofTheGateway(this, secret, clock));
  }

  /// What stands behind it.
  ///
  /// @throws IllegalStateException if it is an aggregate
  public Server server() {
    return behind.orElseThrow(() -> new IllegalStateException(connector + " has no server"));
  }

  /// What its server is called: a command has no address of its own.
  public URI serverName() {
    return upstream().orElseGet(this::address);
  }

  /// The address by which clients know it.
  public URI address() {
    return URI.create(metadata.resource().value());
  }

  /// The path of its address; where the gateway serves it.
  public String path() {
    var path = address().getRawPath();
    return path.isEmpty() ? "/" : path;
  }

  public boolean isOwnHost(String host) {
    var lower = host.toLowerCase(Locale.ROOT);
    // Clients differ in whether they name the usual port.
    return hosts.contains(lower) || hosts.contains(lower.replaceFirst(usualPort() + "$", ""));
  }

  private String usualPort() {
    return "https".equals(address().getScheme()) ? ":443" : ":80";
  }

  public boolean allowsOrigin(String origin) {
    var own = address();
    return origin.equalsIgnoreCase(own.getScheme() + "://" + own.getRawAuthority())
        || origins.contains(origin);
  }

  /// A name for people.
  public String name() {
    return metadata.name().orElse(connector);
  }
}
