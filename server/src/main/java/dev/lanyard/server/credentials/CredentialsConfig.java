package dev.lanyard.server.credentials;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.credentials.CredentialsConfig.Way.Consented.Pkce;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// What the gateway shows to the server behind each connector. A connector that is not named gets
/// nothing: its server is one that only the gateway can reach.
///
/// @param ways by the id of the connector
public record CredentialsConfig(Map<String, Way> ways) {
  /// Nothing to nobody.
  public static final CredentialsConfig NONE = new CredentialsConfig(Map.of());

  public CredentialsConfig {
    ways = Map.copyOf(ways);
  }

  /// How a connector's server is convinced.
  public sealed interface Way {
    /// By the same for everybody.
    ///
    /// @param header its name
    /// @param value all of it, e.g. `Bearer …`
    record Fixed(String header, Secret value) implements Way {}

    /// By what each person has consented to at the server's own authorization server.
    ///
    /// @param pkce how we know that it does PKCE
    record Consented(Vendor vendor, Pkce pkce) implements Way {
      /// With a server whose metadata says that it does PKCE.
      public Consented(Vendor vendor) {
        this(vendor, Pkce.ADVERTISED);
      }

      /// How we know that an authorization server does PKCE.
      public enum Pkce {
        /// Its metadata says so; otherwise nobody is sent there (META-4).
        ADVERTISED,
        /// Our administrator knows it.
        UNADVERTISED
      }
    }

    /// By what policy gives each person there, which nobody consents to: Enterprise-Managed
    /// Authorization.
    ///
    /// @param vendor with the resource that the tokens are for
    /// @param translated what is asked for there for each scope that the caller's token has here;
    ///   empty if the vendor's scopes are asked for whatever that has
    record Managed(Vendor vendor, Map<String, Scopes> translated) implements Way {
      public Managed {
        translated = Map.copyOf(translated);
        if (vendor.resource().isEmpty()) {
          throw new IllegalArgumentException("'resource' says what the tokens are for");
        }
      }

      /// With the same for whatever the caller's token has.
      public Managed(Vendor vendor) {
        this(vendor, Map.of());
      }

      ResourceIndicator resource() {
        return vendor.resource().orElseThrow();
      }

      /// The same, asked for what is the caller's alone; empty if nothing is. Never for nothing in
      /// particular, which would leave the choice to the vendor.
      Optional<Managed> askedFor(Scopes callers) {
        if (translated.isEmpty()) {
          return Optional.of(this);
        }
        var theirs = new TreeSet<String>();
        callers
            .values()
            .forEach(scope -> theirs.addAll(translated.getOrDefault(scope, Scopes.NONE).values()));
        return theirs.isEmpty()
            ? Optional.empty()
            : Optional.of(new Managed(vendor.asking(Scopes.of(theirs)), translated));
      }

      /// What is asked for, where it depends on the caller.
      Optional<String> translatedScopes() {
        return translated.isEmpty() ? Optional.empty() : Optional.of(vendor.scopes().toString());
      }
    }
  }

  /// An authorization server of others, and what we are there.
  ///
  /// @param issuer byte for byte
  /// @param client our id there
  /// @param secret ours there; empty if we are a public client
  /// @param scopes that people, or policy, are asked for
  /// @param resource the MCP server's identifier, for servers that want to be told (RFC 8707)
  public record Vendor(
      Issuer issuer,
      ClientId client,
      Optional<Secret> secret,
      Scopes scopes,
      Optional<ResourceIndicator> resource) {
    Vendor asking(Scopes other) {
      return new Vendor(issuer, client, secret, other, resource);
    }
  }

  /// How this connector's server is convinced.
  public Optional<Way> of(String connector) {
    return Optional.ofNullable(ways.get(connector));
  }

  /// Where people consent for this connector.
  public Optional<Vendor> vendor(String connector) {
    return of(connector)
        .flatMap(way ->
            way instanceof Way.Consented(var vendor, var _)
                ? Optional.of(vendor)
                : Optional.empty());
  }

  /// Whether people are sent to consent for this connector only where metadata says that the server
  /// does PKCE.
  boolean needsPkceAdvertised(String connector) {
    return of(connector)
        .map(way -> !(way instanceof Way.Consented(var _, var pkce) && pkce == Pkce.UNADVERTISED))
        .orElse(true);
  }

  /// Where policy lets people in for this connector.
  Optional<Way.Managed> managed(String connector) {
    return of(connector)
        .flatMap(way -> way instanceof Way.Managed one ? Optional.of(one) : Optional.empty());
  }

  /// The authorization server of others at this connector, however we come to tokens there.
  Optional<Vendor> anyVendor(String connector) {
    return managed(connector).map(Way.Managed::vendor).or(() -> vendor(connector));
  }
}
