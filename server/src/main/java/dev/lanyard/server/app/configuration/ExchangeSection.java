package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.broker.AudienceProfile;
import dev.lanyard.server.broker.AudienceProfile.Claim;
import dev.lanyard.server.broker.AudienceProfile.OwnSubject;
import dev.lanyard.server.broker.AudienceProfile.Tenants;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.broker.NameIdSource;
import dev.lanyard.server.broker.NameIdSource.From;
import dev.lanyard.server.broker.NameIdSource.Qualifiers;
import dev.lanyard.server.broker.QuotaConfig;
import dev.lanyard.server.broker.UpstreamTokens;
import dev.lanyard.server.yaml.YamlMap;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/// The `exchange` section of the broker.
final class ExchangeSection {
  private ExchangeSection() {}

  static ExchangeConfig read(YamlMap map) {
    return new ExchangeConfig(
        map.maps("audiences").stream().map(ExchangeSection::audience).toList(),
        map.maps("upstream_id_tokens").stream().map(ExchangeSection::upstream).toList(),
        map.optionalMap("quota").map(ExchangeSection::quota));
  }

  private static AudienceProfile audience(YamlMap map) {
    var issuer = map.value("issuer", Issuer::new);
    boolean pairwise = map.optionalValue("subject", ExchangeSection::isPairwise).orElse(false);
    var sector = map.text("sector", issuer.uri().getHost());
    return new AudienceProfile(
        issuer,
        pairwise ? Optional.of(sector) : Optional.empty(),
        map.has("claims")
            ? Set.copyOf(map.values("claims", Claim::named))
            : pairwise ? Claim.PAIRWISE : Claim.USUAL,
        map.optionalValue("signing_algorithm", ExchangeSection::algorithm),
        new Tenants(map.optionalText("tenant"), map.optionalText("aud_tenant")),
        map.optionalValue(
            "aud_sub", name -> named("aud_sub", name, OwnSubject.values(), OwnSubject::value)),
        map.optionalMap("sub_id").map(ExchangeSection::nameId));
  }

  private static boolean isPairwise(String name) {
    return switch (name) {
      case "public" -> false;
      case "pairwise" -> true;
      default -> throw new IllegalArgumentException("needs public or pairwise, not '" + name + "'");
    };
  }

  private static SigningAlgorithm algorithm(String name) {
    return named("signing_algorithm", name, SigningAlgorithm.values(), SigningAlgorithm::value);
  }

  private static NameIdSource nameId(YamlMap map) {
    return new NameIdSource(
        map.text("entity_id"),
        map.value("from", name -> named("from", name, From.values(), From::value)),
        map.optionalText("format"),
        new Qualifiers(map.optionalText("name_qualifier"), map.optionalText("sp_name_qualifier")));
  }

  private static UpstreamTokens upstream(YamlMap map) {
    var clients = new HashMap<ClientId, ClientId>();
    var section = map.map("clients");
    for (var there : section.keys()) {
      clients.put(new ClientId(there), section.value(there, ClientId::new));
    }
    return new UpstreamTokens(map.text("upstream"), clients);
  }

  private static QuotaConfig quota(YamlMap map) {
    return new QuotaConfig(number(map, "warn_at"), number(map, "limit"));
  }

  private static OptionalInt number(YamlMap map, String key) {
    var number = map.optionalValue(key, Integer::valueOf);
    return number.isPresent() ? OptionalInt.of(number.get()) : OptionalInt.empty();
  }

  private static <T> T named(String key, String name, T[] all, Function<T, String> value) {
    return Arrays.stream(all)
        .filter(one -> value.apply(one).equals(name))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "%s is one of %s, not '%s'"
                    .formatted(key, Arrays.stream(all).map(value).toList(), name)));
  }
}
