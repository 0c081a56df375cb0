package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.signals.SignalsConfig;
import dev.lanyard.server.signals.inbound.CallerConfig;
import dev.lanyard.server.signals.inbound.CallerConfig.Proof;
import dev.lanyard.server.signals.inbound.Signer;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.signals.inbound.Subscription;
import dev.lanyard.server.signals.inbound.Trust;
import dev.lanyard.server.signals.outbound.RevocationTarget;
import dev.lanyard.server.signals.transmitter.Receiver;
import dev.lanyard.server.signals.transmitter.TransmitterConfig;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The `signals` section of a server in the configuration.
final class SignalsSection {
  private final Function<String, Secret> secrets;
  private final Issuer self;
  private final Function<YamlMap, String> organisations;

  /// @param secrets reads a secret's file
  /// @param self the server
  /// @param organisations whose people an entry may speak about
  SignalsSection(
      Function<String, Secret> secrets, Issuer self, Function<YamlMap, String> organisations) {
    this.secrets = secrets;
    this.self = self;
    this.organisations = organisations;
  }

  /// Where nobody is told, and nobody calls.
  SignalsConfig receivers(YamlMap map) {
    return new SignalsConfig(
        map.maps("receivers").stream().map(this::source).toList(),
        Optional.empty(),
        List.of(),
        List.of());
  }

  SignalsConfig read(YamlMap map) {
    var gtr = map.optionalMap("gtr");
    return new SignalsConfig(
        map.maps("receivers").stream().map(this::source).toList(),
        map.optionalMap("transmitter").map(SignalsSection::transmitter),
        gtr.map(one -> one.maps("callers").stream().map(this::caller).toList()).orElse(List.of()),
        gtr.map(one -> one.maps("targets").stream().map(this::target).toList()).orElse(List.of()));
  }

  private SourceConfig source(YamlMap map) {
    var signer = signer(map);
    return new SourceConfig(
        map.text("name"),
        signer,
        map.text("audience", self.value()),
        trust(map, Set.of(signer.issuer())),
        map.bool("legacy", false),
        map.optionalValue("push_authorization_file", secrets),
        map.optionalMap("stream").map(this::subscription),
        map.duration("silence", SourceConfig.SILENCE));
  }

  private Subscription subscription(YamlMap map) {
    return new Subscription(
        access(map),
        map.value("delivery", way -> oneOf(way, "push", "poll").equals("poll")),
        map.duration("verify_every", Subscription.VERIFY_EVERY));
  }

  private Subscription.Access access(YamlMap map) {
    if (map.has("token_file") == map.has("token_endpoint")) {
      map.fault("delivery", "a stream has either 'token_file' or 'token_endpoint'");
    }
    if (map.has("token_file")) {
      return new Subscription.Token(map.value("token_file", secrets));
    }
    var scopes = map.texts("scopes");
    return new Subscription.Client(
        map.value("token_endpoint", URI::create),
        map.value("client_id", ClientId::new),
        map.value("client_secret_file", secrets),
        scopes.isEmpty() ? Subscription.Client.SCOPES : Scopes.of(scopes));
  }

  private static Signer signer(YamlMap map) {
    var issuer = map.value("issuer", Issuer::new);
    return new Signer(
        issuer,
        map.optionalValue("jwks_uri", URI::create)
            .or(() -> isOkta(map) ? Optional.of(oktaKeys(issuer)) : Optional.empty()),
        ConfigurationFile.algorithms(map, Signer.ALGORITHMS));
  }

  private static boolean isOkta(YamlMap map) {
    return map.optionalValue("preset", preset -> oneOf(preset, "okta")).isPresent();
  }

  /// Okta publishes the keys of an org and of its custom authorization servers at different places
  /// (GTR-6).
  private static URI oktaKeys(Issuer issuer) {
    var custom = issuer.uri().getRawPath().startsWith("/oauth2/");
    return URI.create(issuer.value() + (custom ? "/v1/keys" : "/oauth2/v1/keys"));
  }

  private Trust trust(YamlMap map, Set<Issuer> otherwise) {
    var issuers = map.values("subject_issuers", Issuer::new);
    var domains = new HashSet<String>();
    map.texts("domains").forEach(domain -> domains.add(domain.toLowerCase(Locale.ROOT)));
    return new Trust(
        organisations.apply(map),
        issuers.isEmpty() ? otherwise : new HashSet<>(issuers),
        domains,
        map.optionalText("upstream"));
  }

  private static TransmitterConfig transmitter(YamlMap map) {
    return new TransmitterConfig(
        map.maps("receivers").stream().map(SignalsSection::receiver).toList(),
        map.duration("min_verification_interval", TransmitterConfig.MIN_VERIFICATION),
        map.optionalValue("default_subjects", word -> oneOf(word, "all", "none"))
            .map(word -> word.equals("all"))
            .orElse(true));
  }

  private static Receiver receiver(YamlMap map) {
    return new Receiver(
        map.text("name"),
        map.values("token_hashes", SecretHash::parse),
        map.optionalValue("client_id", ClientId::new),
        map.text("audience"),
        format(map) == RevocationTarget.Format.EMAIL,
        map.bool("may_manage", true));
  }

  private static RevocationTarget.Format format(YamlMap map) {
    return map.optionalValue("subject", word -> oneOf(word, "iss_sub", "email"))
        .map(word ->
            word.equals("email") ? RevocationTarget.Format.EMAIL : RevocationTarget.Format.ISS_SUB)
        .orElse(RevocationTarget.Format.ISS_SUB);
  }

  private CallerConfig caller(YamlMap map) {
    var hashes = map.values("token_hashes", SecretHash::parse);
    if (map.has("issuer") == !hashes.isEmpty()) {
      map.fault("name", "a caller has either 'issuer' and 'client_id', or 'token_hashes'");
    }
    if (!hashes.isEmpty()) {
      return new CallerConfig(
          map.text("name"),
          new Proof.Token(hashes),
          trust(map, Set.of()),
          map.bool("accept_subject_member", false));
    }
    var signer = signer(map);
    return new CallerConfig(
        map.text("name"),
        new Proof.Signed(signer, map.text("client_id")),
        trust(map, Set.of(signer.issuer())),
        map.bool("accept_subject_member", isOkta(map)));
  }

  private RevocationTarget target(YamlMap map) {
    if (map.has("token_file") == map.has("client_id")) {
      map.fault("name", "a target has either 'token_file' or 'client_id'");
    }
    var proof =
        map.has("token_file")
            ? new RevocationTarget.Proof.Token(map.value("token_file", secrets))
            : new RevocationTarget.Proof.Signed(map.text("client_id"));
    return new RevocationTarget(
        map.text("name"), map.value("url", URI::create), proof, format(map));
  }

  private static String oneOf(String word, String... words) {
    if (!List.of(words).contains(word)) {
      throw new IllegalArgumentException("'" + word + "' is none of " + String.join(", ", words));
    }
    return word;
  }
}
