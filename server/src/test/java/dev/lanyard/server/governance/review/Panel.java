package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.Author;
import dev.lanyard.server.publication.Right;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Ana and Ben, who may review, Eve, who may approve only; and two items for them to decide about.
final class Panel {
  static final String INSTALLATION = "https://broker.example";
  static final List<Evidence> EVIDENCE =
      List.of(period -> List.of(item("library:version"), item("role:engineering")));

  private final Map<String, SigningKey> keys = new TreeMap<>();
  private final Map<String, Approver> approvers = new TreeMap<>();

  Panel() {
    admit("ana", EnumSet.of(Right.REVIEW));
    admit("ben", EnumSet.of(Right.REVIEW));
    admit("eve", EnumSet.of(Right.APPROVE));
  }

  static Item item(String id) {
    return new Item(
        id, "About " + id, List.of("A line."), JsonObject.builder().put("count", 3).build());
  }

  private void admit(String name, Set<Right> rights) {
    var key = keys.computeIfAbsent(name, _ -> SigningKey.generate(SigningAlgorithm.ES256));
    approvers.put(name, new Approver(name, key.publicKey(), rights, Optional.empty()));
  }

  void retire(String name, Instant at) {
    var known = approvers.get(name);
    approvers.put(name, new Approver(name, known.key(), known.rights(), Optional.of(at)));
  }

  Approvers approvers() {
    return new Approvers(new ArrayList<>(approvers.values()));
  }

  SigningKey key(String name) {
    return keys.get(name);
  }

  Author author(String name) {
    return new Author(name, keys.get(name), name + " has looked at it");
  }
}
