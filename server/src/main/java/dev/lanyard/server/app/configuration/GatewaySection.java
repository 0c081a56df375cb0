package dev.lanyard.server.app.configuration;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.ProtectedResourceMetadata;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.resourceserver.ScopeCoverage;
import dev.lanyard.server.gateway.GatewayConfig;
import dev.lanyard.server.gateway.front.Disclosure;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.Recording;
import dev.lanyard.server.gateway.front.Recording.Order;
import dev.lanyard.server.gateway.front.Recording.WithoutAudit;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.policy.WhosePeople.Others;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.stdio.StdioConfig;
import dev.lanyard.server.yaml.YamlMap;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// The `gateway` section of the configuration.
///
/// @param ras whose tokens the gateway takes: what it knows of a resource the gateway says of it
/// @param contact whom people are told to ask, if the section does not say it
/// @param folder finds a folder by the name that the file gives it
/// @param secrets reads a secret from a file
record GatewaySection(
    Optional<RasConfig> ras,
    Optional<String> contact,
    Function<String, Path> folder,
    Function<String, Secret> secrets) {
  private static final Duration LOOK_EVERY = Duration.ofHours(1);

  /// As often as nodes ask whether it is their turn.
  private static final Duration MOST_OFTEN = Duration.ofMinutes(1);

  private static final List<String> ALGORITHMS =
      Arrays.stream(SigningAlgorithm.values()).map(SigningAlgorithm::value).toList();

  GatewayConfig read(YamlMap map) {
    if (ras.isEmpty()) {
      map.fault("connectors", "the gateway takes the tokens of 'ras', and there is none");
      throw new IllegalArgumentException("the gateway needs 'ras'");
    }
    var limits =
        map.optionalMap("limits")
            .map(one -> limits(one, GatewayLimits.DEFAULT))
            .orElse(GatewayLimits.DEFAULT);
    return new GatewayConfig(
        ras.get().issuer(),
        map.maps("connectors").stream()
            .map(one -> front(one, ras.get(), Optional.of(server(one)), limits))
            .toList(),
        map.maps("aggregates").stream()
            .map(one ->
                new GatewayConfig.Aggregated(
                    front(one, ras.get(), Optional.empty(), limits), one.texts("of")))
            .toList(),
        limits,
        map.optionalText("contact").or(() -> contact),
        new Recording(
            map.optionalValue("recorded", Order::named).orElse(Recording.STRICT.order()),
            map.optionalValue("without_audit", WithoutAudit::named)
                .orElse(Recording.STRICT.without())));
  }

  /// Whose people the role library means.
  ///
  /// @param broker whose people sign in at the broker, if there is one
  /// @param connectors those behind the gateway
  static WhosePeople people(YamlMap map, Optional<String> broker, Set<String> connectors) {
    var own = map.optionalText("organisation");
    if (own.isPresent() && broker.isPresent()) {
      map.fault("organisation", "the role library is about the people of broker.organisation");
    }
    var organisation = broker.or(() -> own);
    var others = new HashMap<String, Set<String>>();
    map.optionalMap("groups_of_others")
        .ifPresent(section -> {
          for (var name : section.keys()) {
            others.put(name, Set.copyOf(section.texts(name)));
            if (organisation.filter(name::equals).isPresent()) {
              section.fault(name, "all groups of the people of '" + name + "' count already");
            }
          }
        });
    return new WhosePeople(organisation, new Others(others, connectors));
  }

  /// How often a node looks at the tools of each server by itself; empty for `never`.
  static Optional<Duration> toolsLookedAtEvery(YamlMap map) {
    var key = "tools_looked_at_every";
    if (map.optionalText(key).filter("never"::equals).isPresent()) {
      return Optional.empty();
    }
    var every = map.optionalDuration(key).orElse(LOOK_EVERY);
    if (every.compareTo(MOST_OFTEN) < 0) {
      map.fault(key, "a server is looked at every minute at most; write 'never' for not at all");
    }
    return Optional.of(every);
  }

  /// @param limits what counts where a connector says nothing else
  private Front front(
      YamlMap map, RasConfig ras, Optional<Front.Server> behind, GatewayLimits limits) {
    var resource = map.value("address", address -> resource(ras, new ResourceIndicator(address)));
    var metadata =
        new ProtectedResourceMetadata(
            resource.resource(),
            List.of(ras.issuer()),
            resource.scopes(),
            Optional.of(resource.name()),
            ALGORITHMS,
            resource.dpopRequired(),
            List.copyOf(resource.details().keySet()));
    return new Front(
        map.text("connector"),
        metadata,
        behind,
        new Front.Bounds(
            Set.copyOf(map.attempts("further_methods", Front.Bounds::further)),
            map.optionalMap("scopes_imply")
                .map(one -> coverage(one, resource))
                .orElse(ScopeCoverage.EXACT),
            map.optionalMap("limits").map(one -> limits(one, limits))),
        Set.copyOf(map.texts("allowed_origins")),
        Set.copyOf(map.texts("hosts")),
        new Front.Handling(
            map.bool("mark_grades", false),
            new Disclosure(map.texts("record_arguments"), map.texts("record_results")),
            map.optionalMap("identity").map(one -> one.value("secret_file", secrets))));
  }

  /// Only of scopes that somebody can have: a name that is spelled wrongly would imply nothing, and
  /// nobody would notice.
  private static ScopeCoverage coverage(YamlMap map, RasConfig.Resource resource) {
    var implied = new HashMap<String, Scopes>();
    for (var broad : map.keys()) {
      var narrow = Scopes.of(map.attempts(broad, scope -> known(scope, resource)));
      map.attemptKey(broad, scope -> known(scope, resource))
          .ifPresent(scope -> implied.put(scope, narrow));
    }
    return new ScopeCoverage(implied);
  }

  private static String known(String scope, RasConfig.Resource resource) {
    if (!resource.scopes().contains(scope)) {
      throw new IllegalArgumentException(
          "'" + scope + "' is none of the scopes of " + resource.resource());
    }
    return scope;
  }

  private Front.Server server(YamlMap connector) {
    return connector.isMapping("upstream")
        ? command(connector.map("upstream"))
        : connector.value("upstream", url -> new Front.Server.At(URI.create(url)));
  }

  private Front.Server command(YamlMap map) {
    var environment = new HashMap<String, Secret>();
    map.optionalMap("environment")
        .ifPresent(named ->
            named.keys().forEach(name -> environment.put(name, new Secret(named.text(name)))));
    map.optionalMap("secret_files")
        .ifPresent(named ->
            named.keys().forEach(name -> environment.put(name, named.value(name, secrets))));
    return new Front.Server.Command(
        new StdioConfig(
            map.texts("command"),
            environment,
            map.value("work_folder", folder),
            map.optionalMap("limits")
                .map(GatewaySection::processes)
                .orElse(StdioConfig.Limits.DEFAULT)));
  }

  private static StdioConfig.Limits processes(YamlMap map) {
    var defaults = StdioConfig.Limits.DEFAULT;
    return new StdioConfig.Limits(
        map.integer("at_once", defaults.atOnce()),
        map.integer("of_one_person", defaults.ofOnePerson()),
        map.duration("idle", defaults.idle()),
        map.duration("life", defaults.life()),
        map.integer("max_message_bytes", defaults.messageBytes()),
        map.optionalValue("memory_bytes", Long::valueOf).orElse(defaults.memoryBytes()),
        map.duration("cpu_time", defaults.cpu()),
        map.integer("open_files", defaults.files()),
        map.optionalValue("file_bytes", Long::valueOf).orElse(defaults.fileBytes()));
  }

  private static RasConfig.Resource resource(RasConfig ras, ResourceIndicator address) {
    return ras.resources().stream()
        .filter(one -> one.resource().equals(address))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                address + " is none of ras.resources, so nobody would get a token for it"));
  }

  private static GatewayLimits limits(YamlMap map, GatewayLimits defaults) {
    var sizes = defaults.sizes();
    var shares = defaults.shares();
    var failures = defaults.failures();
    return new GatewayLimits(
        new GatewayLimits.Sizes(
            map.integer("max_request_bytes", sizes.body()),
            map.integer("max_message_bytes", sizes.message()),
            map.optionalValue("max_answer_bytes", Long::valueOf).orElse(sizes.answer())),
        new GatewayLimits.Shares(
            map.integer("calls_per_minute", shares.perMinute()),
            map.integer("calls_of_one_tool_per_minute", shares.ofOneToolPerMinute()),
            map.integer("calls_per_minute_of_all", shares.ofAllPerMinute()),
            map.integer("at_once", shares.atOnce()),
            map.integer("calls_of_one_tool_at_once", shares.ofOneToolAtOnce()),
            map.integer("at_once_of_all", shares.ofAllAtOnce())),
        new GatewayLimits.Patience(map.duration("answer_within", defaults.patience().answer())),
        new GatewayLimits.Failures(
            map.integer("failures_in_a_row", failures.inARow()),
            map.duration("left_alone_for", failures.leftAlone())));
  }
}
