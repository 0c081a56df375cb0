package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/// Reads the `roles:` of the role library.
final class RoleReader {
  private final DataClassesReader classes;
  private final Set<String> clients;
  private final GivenReader given;
  private final Names entries;
  private final List<Role> roles = new ArrayList<>();
  private final Set<String> names = new TreeSet<>();

  /// @param clients the clients that the library names; empty if it leaves them to the registry
  RoleReader(DataClassesReader classes, Set<String> clients, GivenReader given, Places places) {
    this.classes = classes;
    this.clients = clients;
    this.given = given;
    this.entries = new Names("role", places);
  }

  void read(Path file, YamlMap top) {
    top.optionalMap("roles").ifPresent(section -> entries.eachEntry(file, section, this::role));
  }

  List<Role> roles() {
    return roles;
  }

  /// Of every role that is written, also of one with faults.
  Set<String> names() {
    return names;
  }

  private void role(String name, YamlMap map) {
    names.add(name);
    if (!map.has("groups") && !map.has("agents")) {
      map.fault("groups", "'groups' is missing; list the groups whose members have this role");
    }
    if (!map.has("connectors")) {
      map.fault("connectors", "'connectors' is missing; name the connectors that the role gives");
    }
    var owner = map.attempt("owner", Texts::nonBlank);
    var groups = nonEmpty(map, "groups", Function.identity());
    var agents = nonEmpty(map, "agents", ClientId::new);
    // An empty list would read as "no client" and mean "every client": it is to be left out
    // instead.
    var only = nonEmpty(map, "clients", this::client);
    var clearance = classes.at(map, "clearance");
    var conditions = given.conditions(map);
    var connectors = map.optionalMap("connectors").map(given::given);
    if (connectors.isPresent()) {
      roles.add(
          new Role(
              name,
              owner,
              Set.copyOf(groups),
              new HashSet<>(agents),
              clearance,
              new HashSet<>(only),
              conditions,
              connectors.get()));
    }
  }

  private ClientId client(String id) {
    var client = new ClientId(id);
    if (!clients.isEmpty() && !clients.contains(id)) {
      throw new IllegalArgumentException(
          "there is no client '" + id + "' in 'clients'; " + Suggestion.of(id, clients));
    }
    return client;
  }

  static <T> List<T> nonEmpty(YamlMap map, String key, Function<String, T> constructor) {
    var values = map.attempts(key, constructor);
    if (map.has(key) && map.texts(key).isEmpty()) {
      map.fault(key, "the list '" + key + "' is empty; name at least one, or remove the entry");
    }
    return values;
  }
}
