package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads the `connectors:` of the role library.
final class ConnectorReader {
  private final Names names = new Names("connector");
  private final List<Connector> connectors = new ArrayList<>();
  private final Map<String, Scopes> declared = new HashMap<>();
  private final Map<ResourceIndicator, String> resources = new HashMap<>();
  private final Map<String, Issuer> authorizationServers = new HashMap<>();

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

  private void connector(String id, YamlMap map) {
    var name = required(map, "name", map.optionalText("name"), "give it a name for people");
    var category = map.text("category", "other");
    var issuer = authorizationServer(map);
    var resource = resource(id, map);
    var scopes = scopes(map);
    declared.putIfAbsent(id, scopes);
    if (name.isPresent() && issuer.isPresent() && resource.isPresent()) {
      connectors.add(new Connector(id, name.get(), category, issuer.get(), resource.get(), scopes));
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
