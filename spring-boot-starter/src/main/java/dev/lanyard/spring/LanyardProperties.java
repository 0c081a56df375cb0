package dev.lanyard.spring;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/// The properties `lanyard.resource-server.*`.
///
/// @param resource the URL of this resource as its callers use it, with its path
/// @param issuer the authorization server whose tokens are taken
/// @param clientId what this resource server is called at the authorization server
/// @param clientSecret its secret there
/// @param scopes what may be asked for; published in the metadata
/// @param dpopAlgorithms with which keys of callers may sign their proofs; empty for bearer tokens
///   only. Several replicas need a [DpopReplay][dev.lanyard.protocol.dpop.DpopReplay] bean that
///   they share
/// @param dpopRequired whether only tokens that are bound to a key are taken
/// @param opaqueTokens whether tokens that are no JWTs are taken: each is introspected at its first
///   call and then every five minutes. With `introspection` they always are
/// @param revocation how it learns that a token has died
/// @param staleAfter how old that knowledge may be; older, and every call is refused with 503.
///   Without it 20 seconds with `events` and 5 with `stream`; `introspection` has no such bound
/// @param paths the URL patterns that are guarded; none means all. The metadata is served whatever
///   they are
/// @param tools what each tool of an MCP server needs; if any is named, all others are closed
/// @param proxy what a proxy in front makes of paths
/// @param trust whom it may call, beside public servers with public certificates
@ConfigurationProperties("lanyard.resource-server")
public record LanyardProperties(
    @Nullable URI resource,
    @Nullable String issuer,
    @Nullable String clientId,
    @Nullable String clientSecret,
    @DefaultValue Set<String> scopes,
    @DefaultValue List<String> dpopAlgorithms,
    @DefaultValue("false") boolean dpopRequired,
    @DefaultValue("false") boolean opaqueTokens,
    @DefaultValue("EVENTS") Revocation revocation,
    @Nullable Duration staleAfter,
    @DefaultValue("/*") List<String> paths,
    @DefaultValue List<Tool> tools,
    @DefaultValue Proxy proxy,
    @DefaultValue Trust trust) {

  /// @throws IllegalArgumentException if there is a bound for what is asked at every call
  public LanyardProperties {
    if (revocation == Revocation.INTROSPECTION && staleAfter != null) {
      throw new IllegalArgumentException(
          "lanyard.resource-server.stale-after says nothing where revocation is introspection");
    }
  }

  /// How the application learns that a token has died before its time.
  public enum Revocation {
    /// It fetches security events as they happen.
    EVENTS,
    /// It listens to Lanyard's own stream: the shortest bound.
    STREAM,
    /// It asks at every call.
    INTROSPECTION
  }

  /// What a tool needs.
  ///
  /// @param name of the tool
  /// @param scopes all of these
  public record Tool(String name, @DefaultValue Set<String> scopes) {}

  /// What a proxy in front makes of the paths of URLs; see
  /// [dev.lanyard.resourceserver.servlet.RewrittenPath].
  ///
  /// @param publicPath the beginning that callers use
  /// @param internalPath what the proxy puts in its place
  public record Proxy(
      @DefaultValue("/") String publicPath, @DefaultValue("/") String internalPath) {}

  /// Whom the application may call.
  ///
  /// @param certificates PEM of authorities to trust beside the platform's
  /// @param internalHosts hosts that may have addresses of private networks
  /// @param loopback whether servers on this machine may be called, for development
  public record Trust(
      @Nullable Resource certificates,
      @DefaultValue Set<String> internalHosts,
      @DefaultValue("false") boolean loopback) {}

  /// How old the knowledge of revocations may be.
  ///
  /// @param usual what it is if the application does not say
  Duration staleAfter(Duration usual) {
    return staleAfter == null ? usual : staleAfter;
  }

  /// @throws IllegalArgumentException if a property that must be there is not
  String required(@Nullable Object value, String name) {
    if (value == null || value.toString().isBlank()) {
      throw new IllegalArgumentException("lanyard.resource-server." + name + " must be set");
    }
    return value.toString();
  }
}
