package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// The evidence of a review, frozen: its hash is over the canonical JSON of all of it, and every
/// signature names that hash.
public record Pack(JsonObject json) {
  /// @throws IllegalArgumentException if two items have the same name
  static Pack of(String provider, String quarter, Evidence.Period period, List<Item> items) {
    if (items.stream().map(Item::id).distinct().count() != items.size()) {
      throw new IllegalArgumentException("two items have the same name");
    }
    return new Pack(
        JsonObject.builder()
            .put("provider", provider)
            .put("quarter", quarter)
            .put("since", period.since().toString())
            .put("until", period.until().toString())
            .put("items", items.stream().map(Item::toJson).toList())
            .build());
  }

  /// What was read of a pack in the database or in a document.
  public List<Item> items() throws MalformedException {
    var items = new ArrayList<Item>();
    for (var one : json.objects("items").orElse(List.of())) {
      items.add(
          new Item(
              one.nonEmptyString("id"),
              one.nonEmptyString("title"),
              one.strings("lines").orElse(List.of()),
              one.object("facts").orElse(JsonObject.EMPTY)));
    }
    return List.copyOf(items);
  }

  public String hash() {
    return sha256(json.toCanonicalJson().getBytes(StandardCharsets.UTF_8));
  }

  static String sha256(byte[] content) {
    return "sha256:" + HexFormat.of().formatHex(Sha256.of(content));
  }
}
