package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.egress.TrustedTls;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.authorization.SignInWays;
import dev.lanyard.server.broker.BrokerConfig;
import dev.lanyard.server.broker.BrokerConfig.Lives;
import dev.lanyard.server.broker.BrokerConfig.SignIn;
import dev.lanyard.server.broker.Contact;
import dev.lanyard.server.broker.ExchangeConfig;
import dev.lanyard.server.clients.SecretHash;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.credentials.GatewayClient;
import dev.lanyard.server.database.DatabaseConfig;
import dev.lanyard.server.delivery.DeliveryConfig;
import dev.lanyard.server.http.StrangerLimits;
import dev.lanyard.server.http.Tls;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.scim.ScimConfig;
import dev.lanyard.server.signals.SignalsConfig;
import dev.lanyard.server.signals.inbound.SourceConfig;
import dev.lanyard.server.telemetry.TelemetryConfig;
import dev.lanyard.server.token.IdJagRevision;
import dev.lanyard.server.token.KnownClients;
import dev.lanyard.server.transparency.TransparencyConfig;
import dev.lanyard.server.yaml.YamlFile;
import dev.lanyard.server.yaml.YamlMap;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads `lanyard.yaml`. Paths in it are relative to the file itself.
public final class ConfigurationFile {
  private static final int LEAST_SECRET = 32;

  private final Path folder;

  private ConfigurationFile(Path folder) {
    this.folder = folder;
  }

  /// Reads the configuration.
  ///
  /// @param environment the variables of the process
  /// @throws dev.lanyard.server.yaml.FaultyFileException with everything that is wrong in the file
  /// @throws CommandFailure if the environment sets an unknown key
  public static Configuration read(Path file, Map<String, String> environment) {
    if (!Files.exists(file)) {
      throw new CommandFailure(
          "there is no " + file + ". `lanyard init` writes one; -c names another file.");
    }
    var variables = new Environment(environment);
    var reader = new ConfigurationFile(file.toAbsolutePath().normalize().resolveSibling(""));
    var configuration =
        YamlFile.read(file, variables, top -> reader.configuration(top, environment));
    variables.refuseUnknown();
    return configuration;
  }

  private Configuration configuration(YamlMap top, Map<String, String> environment) {
    var keys = new KeysSection(folder::resolve, this::secret, environment);
    // One reading of each section: a second would not know what the first has understood.
    var broker = top.optionalMap("broker");
    var servedBroker = broker.map(map -> served(map, broker(map), DoorsSection.readOfBroker(map)));
    var signals = broker.flatMap(this::signals).orElse(SignalsConfig.NONE);
    var rasMap = top.optionalMap("ras");
    var ras = rasMap.map(this::ras);
    ras.flatMap(served -> served.config().flow())
        .ifPresent(flow -> refuseSharedProviders(rasMap.orElseThrow(), flow.ways(), servedBroker));
    var signalsAtRas =
        rasMap
            .flatMap(map -> signalsAtRas(map, ras.orElseThrow().config(), signals))
            .orElse(SignalsConfig.NONE);
    var gatewayMap = top.optionalMap("gateway");
    var gateway = gatewayMap.map(map -> gateway(map, servedBroker, ras));
    var organisation = servedBroker.map(served -> served.config().organisation());
    var people =
        gatewayMap
            .map(map ->
                GatewaySection.people(
                    map, organisation, gateway.orElseThrow().config().connectors()))
            .orElseGet(() -> new WhosePeople(organisation, Others.NONE));
    return new Configuration(
        database(top.map("database")),
        keys.masterKey(top),
        keys.keys(top),
        LibrarySection.read(top, folder::resolve, people),
        servedBroker,
        ras,
        gateway,
        top.optionalMap("console").map(map -> console(map, servedBroker)),
        new Configuration.Outside(
            top.optionalMap("outbound").map(this::outbound).orElseGet(EgressPolicy::strict),
            top.optionalMap("delivery").map(DeliverySection::read).orElse(DeliveryConfig.DEFAULT),
            broker.map(ConfigurationFile::scim).orElse(ScimConfig.NONE),
            signals,
            signalsAtRas,
            top.optionalMap("limits").map(LimitsSection::read).orElse(StrangerLimits.DEFAULT),
            top.optionalMap("metrics").map(map -> map.value("token_file", this::longSecret)),
            top.optionalMap("telemetry")
                .map(new TelemetrySection(this::secret)::read)
                .orElse(TelemetryConfig.NONE),
            top.optionalMap("administration")
                .map(map -> map.values("token_hashes", SecretHash::parse))
                .orElse(List.of()),
            new ExportSection(folder::resolve, this::secret).read(top.maps("exports")),
            top.optionalValue("id_jag_revision", IdJagRevision::named)
                .orElse(IdJagRevision.DRAFT_04),
            top.optionalValue("dpop_nonces", DpopNonceMode::named).orElse(DpopNonceMode.OFF),
            top.optionalMap("audit")
                .map(new TransparencySection(folder::resolve, this::secret, this::longSecret)::read)
                .orElse(TransparencyConfig.NONE),
            top.optionalMap("upstream_credentials")
                .map(new CredentialsSection(this::secret)::read)
                .orElse(CredentialsConfig.NONE),
            top.optionalValue("drift_lock", DriftLockMode::named).orElse(DriftLockMode.ENFORCED),
            GovernanceSection.read(top, folder::resolve),
            PlanningSection.read(top, folder::resolve)));
  }

  /// Short enough to be guessed is as good as none.
  private Secret longSecret(String name) {
    var secret = secret(name);
    if (secret.reveal().length() < LEAST_SECRET) {
      throw new IllegalArgumentException(
          "the secret in %s is shorter than %d characters; make one with: openssl rand -hex 32"
              .formatted(name, LEAST_SECRET));
    }
    return secret;
  }

  private static ScimConfig scim(YamlMap broker) {
    return broker
        .optionalMap("scim")
        .map(scim -> ScimSection.read(scim, broker.text("organisation")))
        .orElse(ScimConfig.NONE);
  }

  private Optional<SignalsConfig> signals(YamlMap broker) {
    return broker
        .optionalMap("signals")
        .map(
            new SignalsSection(
                    this::secret,
                    broker.value("issuer", Issuer::new),
                    _ -> broker.text("organisation"))
                ::read);
  }

  /// Who signs people in there speaks about those who come from them, and about nobody else.
  private Optional<SignalsConfig> signalsAtRas(YamlMap map, RasConfig ras, SignalsConfig atBroker) {
    var organisations =
        ras.flow().map(flow -> flow.ways().organisationsByProvider()).orElse(Map.of());
    var section =
        new SignalsSection(
            this::secret,
            ras.issuer(),
            entry -> entry.value("upstream", id -> organisation(id, organisations)));
    return map.optionalMap("signals")
        .map(signals -> {
          var read = section.receivers(signals);
          // What was heard is remembered by this name, whoever has heard it.
          var names = read.sources().stream().map(SourceConfig::name).toList();
          atBroker.sources().stream()
              .map(SourceConfig::name)
              .filter(names::contains)
              .forEach(name ->
                  signals.fault("receivers", "'" + name + "' is a receiver of the broker's"));
          return read;
        });
  }

  /// Sessions are known by the id of the provider that they stand on, whichever server they are at:
  /// under one id a provider of the one would end those of the other.
  private static void refuseSharedProviders(
      YamlMap ras, SignInWays ways, Optional<Served<BrokerConfig>> broker) {
    var atBroker = broker.map(one -> one.config().signIn().ids()).orElse(Set.of());
    for (var id : new TreeSet<>(ways.organisationsByProvider().keySet())) {
      if (atBroker.contains(id)) {
        ras.fault(
            "sign_in",
            "'%s' is one of broker.sign_in.upstreams already; the provider needs another id here"
                .formatted(id));
      }
    }
  }

  private static String organisation(String provider, Map<String, String> organisations) {
    return Optional.ofNullable(organisations.get(provider))
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' is none of ras.sign_in.upstreams, which are: %s"
                    .formatted(
                        provider,
                        organisations.isEmpty()
                            ? "none"
                            : String.join(", ", new TreeSet<>(organisations.keySet())))));
  }

  private DatabaseConfig database(YamlMap map) {
    var url = map.value("url", this::resolved);
    var defaults = DatabaseConfig.of(url);
    var config =
        new DatabaseConfig(
            url,
            map.optionalText("user"),
            map.optionalValue("password_file", this::secret),
            map.integer("connections", defaults.connections()),
            map.duration("poll", defaults.poll()),
            map.duration("stale_after", defaults.staleAfter()));
    if (!url.startsWith("jdbc:sqlite:") && config.user().isEmpty()) {
      map.fault("url", "PostgreSQL needs 'database.user', and a 'database.password_file'");
    }
    return config;
  }

  private String resolved(String url) {
    var sqlite = "jdbc:sqlite:";
    return DatabaseConfig.of(
            url.startsWith(sqlite) ? sqlite + folder.resolve(url.substring(sqlite.length())) : url)
        .url();
  }

  private <T> Served<T> served(YamlMap map, T config, KnownClients.Doors doors) {
    return new Served<>(
        config, map.value("listen", Listen::parse), tls(map), path(map, "clients"), doors);
  }

  private Configuration.ServedGateway gateway(
      YamlMap map, Optional<Served<BrokerConfig>> broker, Optional<Served<RasConfig>> ras) {
    var section =
        new GatewaySection(
            ras.map(Served::config),
            broker.map(served -> served.config().contact().text()),
            folder::resolve,
            this::secret);
    return new Configuration.ServedGateway(
        section.read(map),
        map.value("listen", Listen::parse),
        tls(map),
        map.optionalMap("client")
            .map(client ->
                new GatewayClient(
                    client.value("id", ClientId::new),
                    client.optionalValue("secret_file", this::secret))),
        GatewaySection.toolsLookedAtEvery(map));
  }

  private Configuration.ServedConsole console(YamlMap map, Optional<Served<BrokerConfig>> broker) {
    var signsIn = broker.filter(served -> !served.config().pushedRequestsOnly()).isPresent();
    return new Configuration.ServedConsole(
        ConsoleSection.read(map, signsIn), map.value("listen", Listen::parse), tls(map));
  }

  private Optional<Tls> tls(YamlMap map) {
    return map.optionalMap("tls").map(t -> new Tls(path(t, "certificate"), path(t, "key")));
  }

  private Served<RasConfig> ras(YamlMap map) {
    var config = new RasSection(signIn()::atRas).read(map);
    return served(map, config, DoorsSection.readOfRas(map, config.flow().isPresent()));
  }

  private BrokerConfig broker(YamlMap map) {
    var defaults = Lives.DEFAULT;
    var lives =
        new Lives(
            map.duration("id_token_life", defaults.idToken()),
            map.duration("id_jag_life", defaults.idJag()),
            map.duration("session_life", defaults.session()),
            map.duration("refresh_token_life", defaults.refreshToken()));
    return new BrokerConfig(
        map.value("issuer", Issuer::new),
        map.text("organisation"),
        lives,
        map.optionalMap("sign_in").map(signIn()::atBroker).orElse(SignIn.LOCAL),
        map.optionalMap("contact").map(ConfigurationFile::contact).orElse(Contact.DEFAULT),
        map.optionalMap("exchange").map(ExchangeSection::read).orElse(ExchangeConfig.DEFAULT),
        map.bool("require_pushed_authorization_requests", false));
  }

  private static Contact contact(YamlMap map) {
    return new Contact(
        map.text("text", Contact.DEFAULT.text()),
        map.optionalText("email"),
        map.optionalValue("url", URI::create));
  }

  private SignInSection signIn() {
    return new SignInSection(folder::resolve, this::secret);
  }

  static Set<SigningAlgorithm> algorithms(YamlMap map, Set<SigningAlgorithm> otherwise) {
    var named = map.values("algorithms", ConfigurationFile::algorithm);
    return named.isEmpty() ? otherwise : EnumSet.copyOf(named);
  }

  private static SigningAlgorithm algorithm(String name) {
    return SigningAlgorithm.of(name)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'" + name + "' is none of ES256, ES384, RS256, PS256, EdDSA"));
  }

  private EgressPolicy outbound(YamlMap map) {
    var policy =
        EgressPolicy.strict().exposingInternalHosts(Set.copyOf(map.texts("internal_hosts")));
    if (map.bool("loopback", false)) {
      policy = policy.exposingLoopback();
    }
    return map.has("ca") ? policy.trusting(map.value("ca", this::authorities)) : policy;
  }

  private List<java.security.cert.X509Certificate> authorities(String name) {
    try (var pem = Files.newInputStream(folder.resolve(name))) {
      return TrustedTls.readPem(pem);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "cannot read certificates from " + folder.resolve(name) + ": " + e.getMessage(), e);
    }
  }

  /// A secret's file; the white space around the secret is not part of it.
  private Secret secret(String name) {
    try {
      return new Secret(Files.readString(folder.resolve(name)).strip());
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read " + folder.resolve(name), e);
    }
  }

  private Path path(YamlMap map, String key) {
    return map.value(key, folder::resolve);
  }

  /// `host:port`, `[::1]:port`, or a port for every address of this machine.
  public static final class Listen {
    private Listen() {}

    public static InetSocketAddress parse(String text) {
      int colon = text.lastIndexOf(':');
      var host = colon < 0 ? "0.0.0.0" : text.substring(0, colon).replaceAll("^\\[|]$", "");
      var port = text.substring(colon + 1);
      if (host.isEmpty() || !port.matches("\\d{1,5}") || Integer.parseInt(port) > 65535) {
        throw new IllegalArgumentException(
            "'" + text + "' is not an address such as 127.0.0.1:8443");
      }
      return new InetSocketAddress(host, Integer.parseInt(port));
    }
  }

  /// The file to read when the command names none: `LANYARD_CONFIG`, or `lanyard.yaml` here.
  public static Path usual(Map<String, String> environment) {
    return Path.of(Optional.ofNullable(environment.get("LANYARD_CONFIG")).orElse("lanyard.yaml"));
  }
}
