package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

  /// The kinds of items that have most, as the beginnings of their ids say, with their numbers.
  static String largest(List<Item> items) {
    var sizes = new TreeMap<String, LongSummaryStatistics>();
    for (var one : items) {
      sizes
          .computeIfAbsent(one.id().split(":", 2)[0], _ -> new LongSummaryStatistics())
          .accept(one.toJson().toBytes().length);
    }
    return sizes.entrySet().stream()
        .sorted(Comparator.comparing(kind -> -kind.getValue().getSum()))
        .limit(2)
        .map(kind ->
            "%d items '%s' (%d bytes)"
                .formatted(kind.getValue().getCount(), kind.getKey(), kind.getValue().getSum()))
        .collect(Collectors.joining(" and "));
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
