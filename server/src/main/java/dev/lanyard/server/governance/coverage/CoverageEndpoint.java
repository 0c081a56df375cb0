package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Response;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/// `GET /admin/api/coverage`: the coverage map, for the console and other programs; with `at` that
/// of a time.
public final class CoverageEndpoint {
  private final CoverageMap map;
  private final Api api;
  private final InstantSource clock;

  public CoverageEndpoint(CoverageMap map, Api api, InstantSource clock) {
    this.map = map;
    this.api = api;
    this.clock = clock;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/coverage",
            Operation.of(
                    "coverage",
                    "The coverage map: which connectors are silent for whom, and why not.",
                    Right.READ,
                    map())
                .query(
                    "at",
                    Schema.time(),
                    "A time that is over, such as 2026-10-03T09:14Z; now if it is left out."),
            this::handle));
  }

  private static Schema map() {
    return Schema.object()
        .has("at", Schema.time())
        .may("library_version", Schema.text())
        .may("people_known_since", Schema.time())
        .has(
            "people",
            Schema.object()
                .has("active", Schema.integer())
                .has("served", Schema.integer())
                .has("wholly_silent", Schema.integer())
                .has("wholly_silent_percent", Schema.number())
                .build())
        .has("categories", Schema.list(category()))
        .has("connectors", Schema.list(connector()))
        .has(
            "roles",
            Schema.list(
                Schema.object()
                    .has("role", Schema.text())
                    .has("people", Schema.integer())
                    .has("connectors", Schema.integer())
                    .has("silent", Schema.flag())
                    .has("gaps", Schema.list(Schema.text()))
                    .build()))
        .build();
  }

  private static Schema category() {
    return used(Schema.object()
            .has("category", Schema.text())
            .has("live", Schema.integer())
            .has("early", Schema.integer())
            .has("tracking", Schema.integer())
            .has("unknown", Schema.integer())
            .has("seats", Schema.integer())
            .has("silent_seats", Schema.integer())
            .has("people", Schema.integer())
            .has("silent_people", Schema.integer()))
        .build();
  }

  private static Schema connector() {
    return used(Schema.object()
            .has("connector", Schema.text())
            .has("name", Schema.text())
            .has("category", Schema.text())
            .has(
                "status",
                Schema.object()
                    .has("bucket", Schema.text())
                    .has("by", Schema.text())
                    .may("on", Schema.text())
                    .has("reason", Schema.text())
                    .build())
            .may("way", Schema.text().says("How people come to it silently."))
            .may("fallback", Schema.text().says("How they come to it, as it is not silent."))
            .has("seats", Schema.integer())
            .has(
                "seats_on_condition",
                Schema.integer().says("Those that somebody has only if a condition is met.")))
        .build();
  }

  private static Schema.Members used(Schema.Members members) {
    return members
        .has("exchanges_30_days", Schema.integer())
        .has("calls_30_days", Schema.integer());
  }

  private Response handle(Call call) throws MalformedException {
    var at = at(call);
    if (at.filter(clock.instant()::isBefore).isPresent()) {
      throw new MalformedException("nobody knows what will be; 'at' is a time that is over");
    }
    return Response.json(200, at.map(map::at).orElseGet(map::now).toJson());
  }

  private static Optional<Instant> at(Call call) throws MalformedException {
    try {
      return call.query("at").map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw new MalformedException("'at' is a time such as 2026-10-03T09:14Z");
    }
  }
}
