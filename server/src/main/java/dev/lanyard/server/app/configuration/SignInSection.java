package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.authorization.upstream.HomeRealms;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// A `sign_in` section: how people sign in at a server. Both servers know the same ways.
public final class SignInSection {
  private final Function<String, Path> files;
  private final Function<String, Secret> secrets;

  /// @param files finds a file
  /// @param secrets reads a secret's file
  SignInSection(Function<String, Path> files, Function<String, Secret> secrets) {
    this.files = files;
    this.secrets = secrets;
  }

  /// At the broker, whose people are those of one organisation.
  BrokerConfig.SignIn atBroker(YamlMap map) {
    var openId = new ArrayList<UpstreamConfig>();
    var saml = new ArrayList<SamlUpstreamConfig>();
    // One reading: a second would not know what the first has understood.
    var upstreams = map.maps("upstreams");
    for (var upstream : upstreams) {
      if (isSaml(upstream)) {
        saml.add(saml(upstream));
      } else {
        openId.add(openId(upstream));
      }
    }
    return new BrokerConfig.SignIn(
        map.bool("local_people", false), openId, saml, realms(upstreams));
  }

  /// At the resource authorization server: those of `organisation`, unless a provider names another
  /// one.
  SignInWays atRas(YamlMap map) {
    var organisation = map.text("organisation");
    var openId = new ArrayList<SignInWays.Provider>();
    var saml = new ArrayList<SignInWays.SamlProvider>();
    var ids = new HashSet<String>();
    var upstreams = map.maps("upstreams");
    for (var upstream : upstreams) {
      var whose = upstream.text("organisation", organisation);
      if (isSaml(upstream)) {
        saml.add(new SignInWays.SamlProvider(saml(upstream), whose));
      } else {
        openId.add(new SignInWays.Provider(openId(upstream), whose));
      }
      if (!ids.add(upstream.text("id"))) {
        upstream.fault("id", "there are two upstreams '" + upstream.text("id") + "'");
      }
    }
    return new SignInWays(
        map.bool("local_people", false) ? Optional.of(organisation) : Optional.empty(),
        openId,
        saml,
        realms(upstreams));
  }

  private UpstreamConfig openId(YamlMap upstream) {
    return new UpstreamSection(secrets).read(upstream);
  }

  private SamlUpstreamConfig saml(YamlMap upstream) {
    return new SamlSection(files).read(upstream);
  }

  private static boolean isSaml(YamlMap upstream) {
    return upstream.optionalValue("type", SignInSection::isSaml).orElse(false);
  }

  private static boolean isSaml(String type) {
    if (!type.equals("saml") && !type.equals("oidc")) {
      throw new IllegalArgumentException("'" + type + "' is none of oidc, saml");
    }
    return type.equals("saml");
  }

  /// Whose people sign in at a provider, by the domain of their address.
  public static List<String> domains(YamlMap upstream) {
    return upstream.values("domains", HomeRealms::domain);
  }

  /// Whose addresses a provider hands out: those of its people's domains, unless others are named.
  static Set<String> emailDomains(YamlMap upstream) {
    var named = upstream.values("email_domains", HomeRealms::domain);
    return Set.copyOf(named.isEmpty() ? domains(upstream) : named);
  }

  private static HomeRealms realms(List<YamlMap> upstreams) {
    var providers = new HashMap<String, String>();
    for (var upstream : upstreams) {
      for (var domain : domains(upstream)) {
        var other = providers.putIfAbsent(domain, upstream.text("id"));
        if (other != null) {
          upstream.fault("domains", "'" + domain + "' is a domain of '" + other + "' already");
        }
      }
    }
    return new HomeRealms(providers);
  }
}
