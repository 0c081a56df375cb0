package dev.lanyard.server.governance.value;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.Call;
import dev.lanyard.server.administration.Operation;
import dev.lanyard.server.administration.Right;
import dev.lanyard.server.administration.Schema;
import dev.lanyard.server.http.Response;
import java.time.DateTimeException;
import java.time.YearMonth;
import java.util.List;
import java.util.function.Function;

/// `GET /admin/api/value?month=2026-10`: what a month was worth.
public final class ValueEndpoint {
  private static final Schema REPORT =
      Schema.object()
          .has("month", Schema.text())
          .has(
              "figures",
              Schema.list(
                  Schema.object()
                      .has("name", Schema.text())
                      .has("value", Schema.text())
                      .has("unit", Schema.text())
                      .has("basis", Schema.text().says("Whether it is measured or assumed."))
                      .has("source", Schema.text())
                      .build()))
          .has("missing", Schema.list(Schema.text()).says("What cannot be said, and why."))
          .build();

  private final Function<YearMonth, ValueReport> reports;
  private final Api api;

  public ValueEndpoint(Function<YearMonth, ValueReport> reports, Api api) {
    this.reports = reports;
    this.api = api;
  }

  public List<ApiRoute> routes() {
    return List.of(
        api.get(
            "/value",
            Operation.of("value", "What a month was worth.", Right.READ, REPORT)
                .needs("month", Schema.text(), "The month, such as 2026-10."),
            this::handle));
  }

  private Response handle(Call call) throws MalformedException {
    return Response.json(200, reports.apply(month(call)).toJson());
  }

  private static YearMonth month(Call call) throws MalformedException {
    try {
      return YearMonth.parse(call.query("month").orElse(""));
    } catch (DateTimeException e) {
      throw new MalformedException("'month' is a month such as 2026-10");
    }
  }
}
