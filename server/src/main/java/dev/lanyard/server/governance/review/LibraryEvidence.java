package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.Publication;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Which version of the role library is in force, and what came into force in the period, by whom
/// and with whose agreement.
public final class LibraryEvidence implements Evidence {
  private static final int MOST = 1_000;

  private final History history;

  public LibraryEvidence(History history) {
    this.history = history;
  }

  @Override
  public List<Item> of(Period period) {
    var lines = new ArrayList<String>();
    var changes = new ArrayList<JsonObject>();
    history
        .last()
        .ifPresentOrElse(
            last ->
                lines.add(
                    "in force: version %.12s, publication %d of %s"
                        .formatted(last.version(), last.number(), last.said().at())),
            () -> lines.add("no version was ever in force"));
    for (var one : history.newest(MOST).reversed()) {
      if (period.has(one.said().at())) {
        lines.add(line(one));
        changes.add(json(one));
      }
    }
    if (changes.isEmpty()) {
      lines.add("nothing came into force in this period");
    }
    return List.of(
        new Item(
            "library:version",
            "The role library and its changes",
            lines,
            JsonObject.builder()
                .putIfPresent("version", history.last().map(Publication::version))
                .put("changes", changes)
                .build()));
  }

  private String line(Publication one) {
    return "%s: publication %d, version %.12s, %s by %s: %s%s"
        .formatted(
            one.said().at(),
            one.number(),
            one.version(),
            one.kind().name().toLowerCase(Locale.ROOT),
            one.said().by(),
            one.said().rationale(),
            second(one));
  }

  private String second(Publication one) {
    if (one.emergency().isPresent()) {
      return one.emergency()
          .flatMap(emergency -> emergency.review())
          .map(said -> "; reviewed by " + said.by())
          .orElse("; ALONE, not reviewed yet");
    }
    return one.proposal()
        .flatMap(history::proposal)
        .flatMap(proposal -> proposal.answer())
        .map(answer -> "; approved by " + answer.said().by())
        .orElse("; by the files alone, nobody approved");
  }

  private static JsonObject json(Publication one) {
    return JsonObject.builder()
        .put("number", one.number())
        .put("version", one.version())
        .put("kind", one.kind().name().toLowerCase(Locale.ROOT))
        .put("by", one.said().by())
        .put("at", one.said().at().toString())
        .put("rationale", one.said().rationale())
        .build();
  }
}
