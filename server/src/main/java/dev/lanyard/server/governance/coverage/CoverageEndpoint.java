package dev.lanyard.server.governance.coverage;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;

/// `GET /admin/api/coverage`: the coverage map, for the console and other programs; with `at` that
/// of a time.
public final class CoverageEndpoint {
  private final CoverageMap map;
  private final AdminBearers bearers;
  private final InstantSource clock;

  public CoverageEndpoint(CoverageMap map, AdminBearers bearers, InstantSource clock) {
    this.map = map;
    this.bearers = bearers;
    this.clock = clock;
  }

  public List<Route> routes() {
    return List.of(bearers.get("/admin/api/coverage", this::handle));
  }

  private Response handle(Request request) {
    try {
      var at = Form.parse(request.query(), Set.of()).one("at").map(CoverageEndpoint::instant);
      if (at.filter(clock.instant()::isBefore).isPresent()) {
        return refused(request, "nobody knows what will be");
      }
      var coverage = at.map(map::at).orElseGet(map::now);
      return Response.json(200, coverage.toJson());
    } catch (MalformedException | DateTimeException e) {
      return refused(request, "'at' is a time such as 2026-10-03T09:14Z");
    }
  }

  private static Instant instant(String text) {
    return OffsetDateTime.parse(text).toInstant();
  }

  private static Response refused(Request request, String why) {
    return Response.error(400, "invalid_request", why, request.correlationId());
  }
}
