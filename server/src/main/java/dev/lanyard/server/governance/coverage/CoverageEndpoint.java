package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
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
                    Right.READ)
                .query(
                    "at", "A time that is over, such as 2026-10-03T09:14Z; now if it is left out."),
            this::handle));
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
