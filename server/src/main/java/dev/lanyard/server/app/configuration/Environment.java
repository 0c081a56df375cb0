package dev.lanyard.server.app.configuration;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The environment's say in the configuration: `LANYARD_BROKER_ISSUER` stands in for
/// `broker.issuer`.
final class Environment implements Function<String, Optional<String>> {
  private static final String PREFIX = "LANYARD_";

  /// These are the launcher's.
  private static final Set<String> OF_THE_LAUNCHER =
      Set.of(
          "LANYARD_JAVA_HOME",
          "LANYARD_JAVA_OPTIONS",
          "LANYARD_HEAP",
          "LANYARD_MODULES",
          "LANYARD_CONFIG");

  /// Kubernetes sets these in every container beside a service whose name begins with `lanyard`:
  /// `…_SERVICE_HOST` with `…_SERVICE_PORT`, and `…_PORT`, an address, with its parts.
  private static final Pattern OF_A_SERVICE =
      Pattern.compile("(LANYARD_(?:\\w+?_)??SERVICE_)(?:HOST|PORT(?:_\\w+)?)");

  private static final Pattern OF_A_PORT =
      Pattern.compile(
          "(LANYARD_(?:\\w+?_)??PORT)(?:_\\d+_(?:TCP|UDP|SCTP)(?:_(PROTO|PORT|ADDR))?)?");

  private static final Pattern NUMBER = Pattern.compile("\\d{1,5}");
  private static final Pattern ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://\\S+");
  private static final Pattern PROTOCOL = Pattern.compile("tcp|udp|sctp");

  /// Never in the file, so it stands in for nothing there.
  private static final String SECRET = KeysSection.MASTER_KEY;

  private final Map<String, String> variables;
  private final Set<String> asked = new TreeSet<>();

  Environment(Map<String, String> all) {
    this.variables =
        all.entrySet().stream()
            .filter(variable -> variable.getKey().startsWith(PREFIX))
            .filter(variable -> !OF_THE_LAUNCHER.contains(variable.getKey()))
            .filter(variable -> !SECRET.equals(variable.getKey()))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// The value for a dotted path of the configuration, if the environment has one.
  @Override
  public Optional<String> apply(String path) {
    var name = PREFIX + path.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    asked.add(name);
    return Optional.ofNullable(variables.get(name));
  }

  /// Stops the start if a variable was meant for us and stands for nothing.
  ///
  /// @throws CommandFailure that names it
  void refuseUnknown() {
    var unknown = new TreeSet<>(variables.keySet());
    unknown.removeAll(asked);
    unknown.removeIf(this::isOfThePlatform);
    if (!unknown.isEmpty()) {
      throw new CommandFailure(
          "the environment sets what no configuration key is called: "
              + String.join(", ", unknown));
    }
  }

  /// By its value, and by what stands beside it: a misspelt key may be called so, too.
  private boolean isOfThePlatform(String name) {
    var service = OF_A_SERVICE.matcher(name);
    if (service.matches()) {
      return variables.containsKey(service.group(1) + "HOST")
          && is(NUMBER, service.group(1) + "PORT")
          && (name.endsWith("SERVICE_HOST") || is(NUMBER, name));
    }
    var port = OF_A_PORT.matcher(name);
    return port.matches()
        && is(ADDRESS, port.group(1))
        && switch (port.group(2)) {
          case "PROTO" -> is(PROTOCOL, name);
          case "PORT" -> is(NUMBER, name);
          case "ADDR" -> true;
          case null, default -> is(ADDRESS, name);
        };
  }

  private boolean is(Pattern pattern, String name) {
    return pattern.matcher(variables.getOrDefault(name, "")).matches();
  }
}
