package dev.lanyard.server.publication;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Ana and Ben, who may propose and approve, and Eve, who may do nothing; and libraries for them to
/// argue about.
final class Council {
  static final String INSTALLATION = "https://broker.example";

  private final Map<String, SigningKey> keys = new HashMap<>();
  private final Map<String, Approver> approvers = new TreeMap<>();

  Council() {
    admit("ana", EnumSet.allOf(Right.class));
    admit("ben", EnumSet.allOf(Right.class));
    keys.put("eve", SigningKey.generate(SigningAlgorithm.ES256));
  }

  void admit(String name, Set<Right> rights) {
    var key = keys.computeIfAbsent(name, _ -> SigningKey.generate(SigningAlgorithm.ES256));
    approvers.put(name, new Approver(name, key.publicKey(), rights, Optional.empty()));
  }

  void retire(String name, Instant at) {
    var known = approvers.get(name);
    approvers.put(name, new Approver(name, known.key(), known.rights(), Optional.of(at)));
  }

  void dismiss(String name) {
    approvers.remove(name);
  }

  Approvers approvers() {
    return new Approvers(new ArrayList<>(approvers.values()));
  }

  Trust trust() {
    return new Trust(INSTALLATION, this::approvers);
  }

  SigningKey key(String name) {
    return keys.get(name);
  }

  Author author(String name) {
    return new Author(name, keys.get(name), name + " has a reason");
  }

  /// A library that gives engineering these scopes of one connector.
  static LibrarySource library(List<String> scopes) {
    var text =
        """
        connectors:
          linear:
            name: Linear
            authorization_server: "https://as.example"
            resource: "https://linear.example/mcp"
            scopes: [issues.read, issues.write]
        roles:
          engineering:
            groups: [engineering]
            connectors: {linear: [%s]}
        """
            .formatted(String.join(", ", scopes));
    return source(text);
  }

  static LibrarySource source(String text) {
    return new LibrarySource(Path.of("draft"), new TreeMap<>(Map.of("roles.yaml", text)));
  }
}
