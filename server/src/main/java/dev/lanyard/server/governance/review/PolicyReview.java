package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A review as the record has it.
///
/// @param id `okta-2026-Q4`
/// @param provider the identity provider
/// @param reviewer who decides, by their name in the approvers file
/// @param openedBy who opened it
/// @param decisions those that stand, in the order of the items' names
/// @param signed what the second person said, once they have
/// @param account the signed account of it all, from then on
public record PolicyReview(
    String id,
    String provider,
    Quarter quarter,
    String reviewer,
    String openedBy,
    Instant openedAt,
    Pack pack,
    List<Decided> decisions,
    Optional<Said> signed,
    Optional<String> account) {
  public PolicyReview {
    decisions = List.copyOf(decisions);
  }

  /// How a review is called.
  public static String id(String provider, Quarter quarter) {
    return provider + "-" + quarter;
  }

  /// The decision about an item.
  public Optional<Decided> about(String item) {
    return decisions.stream().filter(one -> one.item().equals(item)).findFirst();
  }

  /// The items that nobody has decided about yet.
  public List<String> undecided() {
    return Reviews.items(this).stream().map(Item::id).filter(one -> about(one).isEmpty()).toList();
  }

  /// Names exactly the decisions that stand: what a second person signs.
  public String decisionsHash() {
    return Decided.hash(decisions);
  }

  /// Without the evidence and the decisions.
  public JsonObject summary() {
    return JsonObject.builder()
        .put("review", id)
        .put("provider", provider)
        .put("quarter", quarter.toString())
        .put("reviewer", reviewer)
        .put("opened_by", openedBy)
        .put("opened_at", openedAt.toString())
        .put("pack_hash", pack.hash())
        .put("items", Reviews.items(this).size())
        .put("decided", decisions.size())
        .put("state", signed.isPresent() ? "signed" : "open")
        .putIfPresent("signed_by", signed.map(Said::by))
        .putIfPresent("signed_at", signed.map(said -> said.at().toString()))
        .build();
  }

  public JsonObject toJson() {
    return JsonObject.builder()
        .putAll(summary())
        .put("pack", pack.json())
        .put("decisions", decisions.stream().map(Decided::toJson).toList())
        .build();
  }
}
