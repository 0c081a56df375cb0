package dev.lanyard.server.governance.value;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.clients.AdminBearers;
import dev.lanyard.server.http.Request;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.http.Route;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// `GET /admin/api/value?month=2026-10`: what a month was worth.
public final class ValueEndpoint {
  private final Function<YearMonth, ValueReport> reports;
  private final AdminBearers bearers;

  public ValueEndpoint(Function<YearMonth, ValueReport> reports, AdminBearers bearers) {
    this.reports = reports;
    this.bearers = bearers;
  }

  public List<Route> routes() {
    return List.of(bearers.get("/admin/api/value", this::handle));
  }

  private Response handle(Request request) {
    try {
      var month =
          Form.parse(request.query(), Set.of())
              .one("month")
              .orElseThrow(() -> new MalformedException("no month"));
      return Response.json(200, reports.apply(YearMonth.parse(month)).toJson());
    } catch (MalformedException | DateTimeException e) {
      return Response.error(
          400, "invalid_request", "'month' is a month such as 2026-10", request.correlationId());
    }
  }
}
