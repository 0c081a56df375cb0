package dev.lanyard.spring;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopReplay;
import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jwks.IssuerDiscovery;
import dev.lanyard.protocol.jwks.Refresh;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.BasicCredentials;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.MemoryDpopReplay;
import dev.lanyard.resourceserver.OpaqueTokenReader;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.mcp.McpFilter;
import dev.lanyard.resourceserver.mcp.ToolRequirements;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.servlet.RewrittenPath;
import dev.lanyard.resourceserver.status.EventFeed;
import dev.lanyard.resourceserver.status.FeedConfig;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.RevocationStream;
import dev.lanyard.resourceserver.status.StreamConfig;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/// Guards a servlet application as [LanyardProperties] say.
@AutoConfiguration
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnProperty(
    prefix = "lanyard.resource-server",
    name = "enabled",
    havingValue = "true",
    matchIfMissing = true)
@EnableConfigurationProperties(LanyardProperties.class)
public class LanyardAutoConfiguration {
  /// After what repairs requests and before whatever could let one through.
  private static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

  private final LanyardProperties properties;
  private final Clock clock = Clock.systemUTC();

  /// @param properties as the application sets them
  public LanyardAutoConfiguration(LanyardProperties properties) {
    this.properties = properties;
  }

  private Issuer issuer() {
    return new Issuer(properties.required(properties.issuer(), "issuer"));
  }

  /// The authorization server, with its keys.
  @Bean
  @ConditionalOnMissingBean
  public TrustedIssuer lanyardIssuer() {
    var policy =
        EgressPolicy.strict()
            .exposingInternalHosts(properties.trust().internalHosts())
            .trusting(authorities());
    var egress =
        new EgressClient(properties.trust().loopback() ? policy.exposingLoopback() : policy);
    var keys = new IssuerDiscovery(egress, issuer(), Refresh.DEFAULT, clock).keys();
    return new TrustedIssuer(issuer(), keys, EnumSet.allOf(SigningAlgorithm.class));
  }

  private List<X509Certificate> authorities() {
    var certificates = properties.trust().certificates();
    if (certificates == null) {
      return List.of();
    }
    try (var pem = certificates.getInputStream()) {
      return TrustedTls.readPem(pem);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// How the application learns that a token has died.
  @Bean
  @ConditionalOnMissingBean
  public TokenStatus lanyardTokenStatus(TrustedIssuer lanyardIssuer) {
    var http = Introspection.http(authorities());
    return switch (properties.revocation()) {
      case EVENTS -> EventFeed.open(feed(), lanyardIssuer, http, clock);
      case STREAM -> RevocationStream.open(stream(), http, clock);
      case INTROSPECTION -> introspection(http);
    };
  }

  private Introspection introspection(HttpClient http) {
    return new Introspection(at("/introspect"), credentials(), http);
  }

  /// Who asks at every call can read opaque tokens at no further price.
  private Optional<OpaqueTokenReader> opaque(TokenStatus status) {
    if (status instanceof Introspection asked) {
      return Optional.of(asked);
    }
    return properties.opaqueTokens()
        ? Optional.of(introspection(Introspection.http(authorities())))
        : Optional.empty();
  }

  private BasicCredentials credentials() {
    return new BasicCredentials(
        new ClientId(properties.required(properties.clientId(), "client-id")),
        new Secret(properties.required(properties.clientSecret(), "client-secret")));
  }

  FeedConfig feed() {
    return new FeedConfig(
        at("/events/streams"),
        credentials(),
        properties.staleAfter(FeedConfig.DEFAULT_STALE_AFTER),
        FeedConfig.DEFAULT_TOKEN_LIFE);
  }

  StreamConfig stream() {
    return new StreamConfig(
        issuer(),
        at("/revocation-stream"),
        credentials(),
        properties.staleAfter(StreamConfig.DEFAULT_STALE_AFTER));
  }

  private URI at(String path) {
    var base = issuer().value();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  /// Where used DPoP proofs are remembered. Several processes behind one URL need a shared memory.
  @Bean
  @ConditionalOnMissingBean
  public DpopReplay lanyardDpopReplay() {
    return new MemoryDpopReplay(clock);
  }

  /// What judges every request.
  @Bean
  @ConditionalOnMissingBean
  public Guard lanyardGuard(
      TrustedIssuer lanyardIssuer, TokenStatus lanyardTokenStatus, DpopReplay lanyardDpopReplay) {
    var resource = new ResourceIndicator(properties.required(properties.resource(), "resource"));
    if (properties.dpopRequired() && properties.dpopAlgorithms().isEmpty()) {
      throw new IllegalArgumentException(
          "lanyard.resource-server.dpop-algorithms must be set where dpop-required is");
    }
    var self =
        new ProtectedResourceMetadata(
            resource,
            List.of(issuer()),
            Scopes.of(properties.scopes()),
            Optional.empty(),
            properties.dpopAlgorithms(),
            properties.dpopRequired());
    return new Guard(
        self,
        TrustedIssuers.of(lanyardIssuer),
        lanyardTokenStatus,
        opaque(lanyardTokenStatus),
        lanyardDpopReplay,
        ScopeCoverage.EXACT,
        clock);
  }

  /// The filter, and where it stands.
  @Bean
  @ConditionalOnMissingBean(name = "lanyardFilter")
  public FilterRegistrationBean<Filter> lanyardFilter(Guard lanyardGuard) {
    var registration = new FilterRegistrationBean<Filter>(filter(lanyardGuard));
    registration.setUrlPatterns(patterns(lanyardGuard));
    registration.setDispatcherTypes(EnumSet.of(DispatcherType.REQUEST, DispatcherType.ASYNC));
    registration.setAsyncSupported(true);
    registration.setOrder(ORDER);
    return registration;
  }

  /// With the place of the metadata, whatever is guarded: every challenge leads there.
  private Set<String> patterns(Guard guard) {
    // Spring takes none for all, and would no longer with one that is added here.
    var paths = properties.paths().isEmpty() ? List.of("/*") : properties.paths();
    var patterns = new LinkedHashSet<>(paths);
    var place = WellKnown.protectedResource(guard.metadata().resource()).getPath();
    patterns.add(place);
    rewritten().arriving(place).ifPresent(patterns::add);
    return patterns;
  }

  private RewrittenPath rewritten() {
    return new RewrittenPath(properties.proxy().publicPath(), properties.proxy().internalPath());
  }

  private Filter filter(Guard guard) {
    if (properties.tools().isEmpty()) {
      return new ResourceServerFilter(guard, request -> Requirement.VALID_TOKEN, rewritten());
    }
    var tools = ToolRequirements.closed();
    for (var tool : properties.tools()) {
      var needed = Requirement.scopes(tool.scopes().toArray(String[]::new));
      tools = tools.tool(tool.name(), needed);
    }
    return new McpFilter(guard, tools, Requirement.VALID_TOKEN, rewritten());
  }
}
