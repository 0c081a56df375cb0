package dev.lanyard.server.governance.review;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.coverage.Coverage;
import java.util.ArrayList;
import java.util.List;

/// How far Enterprise-Managed Authorization reaches: by category, with the gaps.
public final class CoverageEvidence implements Evidence {
  private final Coverage coverage;

  public CoverageEvidence(Coverage coverage) {
    this.coverage = coverage;
  }

  @Override
  public List<Item> of(Period period) {
    var lines = new ArrayList<String>();
    for (var one : coverage.categories()) {
      lines.add(
          "%s: %d of %d seats silent; connectors live %d, early %d, tracking %d, unknown %d"
              .formatted(
                  one.name(),
                  one.silentSeats(),
                  one.seats(),
                  one.buckets().live(),
                  one.buckets().early(),
                  one.buckets().tracking(),
                  one.buckets().unknown()));
    }
    for (var gap : coverage.gaps()) {
      lines.add(
          "gap: %s, %d seats, by way of %s: %s"
              .formatted(gap.connector(), gap.seats(), gap.way().value(), gap.rating().reason()));
    }
    return List.of(
        new Item(
            "coverage:connectors",
            "Coverage",
            lines,
            JsonObject.builder()
                .put("people", coverage.people().all())
                .put("served", coverage.people().served())
                .put("wholly_silent", coverage.people().silent())
                .put("gaps", coverage.gaps().stream().map(Coverage.Line::connector).toList())
                .build()));
  }
}
