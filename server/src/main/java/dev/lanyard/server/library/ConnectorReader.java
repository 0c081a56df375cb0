package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.AuthorizationDetailType;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the `connectors:` of the role library.
final class ConnectorReader {
  private static final Pattern TOOL = Pattern.compile("[\\x21-\\x7e]{1,128}");

  private final DataClassesReader classes;
  private final Names names;
  private final List<Connector> connectors = new ArrayList<>();
  private final Map<String, Scopes> declared = new HashMap<>();
  private final Map<String, Map<String, AuthorizationDetailType>> details = new HashMap<>();
  private final Map<ResourceIndicator, String> resources = new HashMap<>();
  private final Map<String, Issuer> authorizationServers = new HashMap<>();

  ConnectorReader(DataClassesReader classes, Places places) {
    this.classes = classes;
    this.names = new Names("connector", places);
  }

  void read(Path file, YamlMap top) {
    top.optionalMap("connectors")
        .ifPresent(section -> names.eachEntry(file, section, this::connector));
  }

  List<Connector> connectors() {
    return connectors;
  }

  /// The scopes of every connector that is written, also of one with faults.
  Map<String, Scopes> declared() {
    return declared;
  }

  /// The types of authorization details of every connector that is written.
  Map<String, Map<String, AuthorizationDetailType>> details() {
    return details;
  }

  private void connector(String id, YamlMap map) {
    var name = required(map, "name", map.optionalText("name"), "give it a name for people");
    var category = map.text("category", "other");
    var issuer = authorizationServer(map);
    var resource = resource(id, map);
    var scopes = scopes(map);
    declared.putIfAbsent(id, scopes);
    var types = DetailTypes.read(map);
    details.putIfAbsent(id, types);
    var implications = implications(id, map, scopes);
    var tools =
        new Tools(
            tools(id, map, scopes), map.optionalMap("review").flatMap(ConnectorReader::review));
    if (name.isPresent() && issuer.isPresent() && resource.isPresent()) {
      connectors.add(
          new Connector(
              id,
              name.get(),
              category,
              issuer.get(),
              resource.get(),
              scopes,
              tools,
              types,
              implications));
    }
  }

  /// Two issuers that only a slash tells apart could not be told apart in what clients send.
  private Optional<Issuer> authorizationServer(YamlMap map) {
    var key = "authorization_server";
    var remedy = "write 'issuer' of its metadata, byte for byte";
    var issuer = required(map, key, map.attempt(key, Issuer::new), remedy);
    if (issuer.isPresent()) {
      var same =
          authorizationServers.putIfAbsent(Library.audienceKey(issuer.get().value()), issuer.get());
      if (same != null && !same.equals(issuer.get())) {
        map.fault(
            key,
            "'"
                + issuer.get()
                + "' and '"
                + same
                + "' differ only in a slash at the end;"
                + " write the issuer everywhere as its metadata does");
      }
    }
    return issuer;
  }

  private Optional<ResourceIndicator> resource(String id, YamlMap map) {
    var remedy = "copy 'resource' of the server's protected resource metadata";
    var resource =
        required(map, "resource", map.attempt("resource", ResourceIndicator::new), remedy);
    if (resource.isPresent()) {
      var previous = resources.putIfAbsent(resource.get(), id);
      if (previous != null) {
        map.fault(
            "resource",
            "connector '" + previous + "' has this resource too; give each server one connector");
      }
    }
    return resource;
  }

  private static Scopes scopes(YamlMap map) {
    if (!map.has("scopes")) {
      map.fault(
          "scopes", "'scopes' is missing; list the scopes that the server knows, or write []");
    }
    return union(map.attempts("scopes", Scopes::of));
  }

  private Map<String, Tool> tools(String id, YamlMap map, Scopes scopes) {
    var tools = new HashMap<String, Tool>();
    map.optionalMap("tools")
        .ifPresent(section -> {
          for (var name : section.keys()) {
            if (!TOOL.matcher(name).matches()) {
              section.fault(
                  name, "'" + name + "' is no name of a tool; copy it from the server's list");
            }
            tools.put(name, tool(id, name, section, scopes));
          }
        });
    return tools;
  }

  /// A grade, a mapping, or nothing: a tool that nobody has graded yet.
  private Tool tool(String id, String name, YamlMap section, Scopes known) {
    if (section.has(name) && section.isEmpty(name)) {
      return new Tool(name, Optional.empty(), Scopes.NONE);
    }
    if (!section.isMap(name)) {
      return new Tool(name, classes.at(section, name), Scopes.NONE);
    }
    var map = section.optionalMap(name).orElseThrow();
    var scopes = union(map.attempts("scopes", Scopes::of));
    scopes.values().forEach(scope -> known(id, map, "scopes", scope, known));
    return new Tool(name, classes.at(map, "grade"), scopes);
  }

  private static void known(String id, YamlMap map, String key, String scope, Scopes known) {
    if (!known.contains(scope)) {
      map.fault(
          key,
          "connector '%s' has no scope '%s'; %s"
              .formatted(id, scope, Suggestion.of(scope, known.values())));
    }
  }

  private static ScopeImplications implications(String id, YamlMap map, Scopes known) {
    var implied = new HashMap<String, Scopes>();
    map.optionalMap("scopes_imply")
        .ifPresent(section -> {
          for (var broad : section.keys()) {
            var narrow = union(section.attempts(broad, Scopes::of));
            known(id, section, broad, broad, known);
            narrow.values().forEach(scope -> known(id, section, broad, scope, known));
            implied.put(broad, narrow);
          }
        });
    return new ScopeImplications(implied);
  }

  private static Optional<Review> review(YamlMap map) {
    var by = Texts.required(map, "by", "name who judged the grades");
    var rationale = Texts.required(map, "rationale", "write why these grades");
    if (!map.has("on")) {
      map.fault("on", "'on' is missing; write the day of the review, e.g. 2026-11-23");
    }
    var on = map.attempt("on", ConnectorReader::day);
    return by.isPresent() && rationale.isPresent() && on.isPresent()
        ? Optional.of(new Review(by.get(), on.get(), rationale.get()))
        : Optional.empty();
  }

  private static LocalDate day(String text) {
    try {
      return LocalDate.parse(text);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException("'" + text + "' is not a day; write it as 2026-11-23", e);
    }
  }

  static Scopes union(List<Scopes> parts) {
    return parts.stream().reduce(Scopes.NONE, Scopes::union);
  }

  private static <T> Optional<T> required(
      YamlMap map, String key, Optional<T> value, String remedy) {
    if (!map.has(key)) {
      map.fault(key, "'" + key + "' is missing; " + remedy);
    }
    return value;
  }
}
