package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.publication.Proposal.Said;
import dev.lanyard.server.sessions.OpaqueToken;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The reviewer's decision about one item; of several the last one stands.
///
/// @param said by whom and why, signed by them
public record Decided(String item, Ruling ruling, Said said) {
  /// Names exactly this decision, as the record does.
  public String statementHash() {
    return OpaqueToken.hash(new Secret(said.statement()));
  }

  JsonObject toJson() {
    return JsonObject.builder()
        .put("item", item)
        .put("ruling", ruling.value())
        .put("by", said.by())
        .put("rationale", said.rationale())
        .put("at", said.at().toString())
        .put("statement", said.statement())
        .build();
  }

  /// Names exactly these decisions, in whatever order: what a second person signs.
  static String hash(List<Decided> all) {
    var text =
        all.stream()
            .sorted(Comparator.comparing(Decided::item))
            .map(one -> one.item() + "\n" + one.said().statement() + "\n")
            .collect(Collectors.joining());
    return Pack.sha256(text.getBytes(StandardCharsets.UTF_8));
  }
}
