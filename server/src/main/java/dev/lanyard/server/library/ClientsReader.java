package dev.lanyard.server.library;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.yaml.YamlMap;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// Reads the `clients:` of the role library.
final class ClientsReader {
  // A client id may be the address of its metadata document.
  private static final Pattern ID = Pattern.compile("[\\x21-\\x7e]{1,512}");

  private final Names entries;
  private final Set<String> names = new TreeSet<>();
  private final List<ApprovedClient> clients = new ArrayList<>();

  ClientsReader(Places places) {
    this.entries = new Names("client", ID, "1 to 512 printable ASCII characters", places);
  }

  /// Roles name clients and clients roles: the names of the clients come first.
  void readNames(Path file, YamlMap top) {
    top.optionalMap("clients")
        .ifPresent(section -> {
          for (var name : section.keys()) {
            names.add(name);
            section
                .optionalMap(name)
                .ifPresent(entry -> {
                  entry.has("name");
                  entry.has("roles");
                });
          }
        });
  }

  void read(Path file, YamlMap top, Set<String> roles) {
    top.optionalMap("clients")
        .ifPresent(
            section -> entries.eachEntry(file, section, (id, entry) -> client(id, entry, roles)));
  }

  Set<String> names() {
    return names;
  }

  List<ApprovedClient> clients() {
    return clients;
  }

  private void client(String id, YamlMap map, Set<String> roles) {
    var name = map.attempt("name", Texts::nonBlank).orElse(id);
    // As with the clients of a role: an empty list would mean the opposite of what it says.
    var only = RoleReader.nonEmpty(map, "roles", role -> known(role, roles));
    if (ID.matcher(id).matches()) {
      clients.add(new ApprovedClient(new ClientId(id), name, new HashSet<>(only)));
    }
  }

  private static String known(String role, Set<String> roles) {
    if (!roles.contains(role)) {
      throw new IllegalArgumentException(
          "there is no role '" + role + "'; " + Suggestion.of(role, roles));
    }
    return role;
  }
}
