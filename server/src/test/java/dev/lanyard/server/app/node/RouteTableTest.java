package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.administration.OpenApi;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.CrossOrigin;
import dev.lanyard.server.http.Route;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("docs/routes.md, docs/openapi.json")
class RouteTableTest {
  private static final Path DOCUMENT = Path.of("../docs/routes.md");
  private static final Path DESCRIPTION = Path.of("../docs/openapi.json");

  @TempDir Path folder;

  /// With `-Dlanyard.write.docs=true` they are written instead of compared.
  @Test
  @DisplayName("are the route table, and what the calls of the JSON API say of themselves")
  void are_made_of_the_routes() throws Exception {
    var installed = EveryRoute.installed(folder);
    var config = ConfigurationFile.read(installed.configuration(), Map.of());
    try (var lanyard = Lanyard.start(config, Clock.systemUTC())) {
      var table = document(lanyard.routes());
      if (Boolean.getBoolean("lanyard.write.docs")) {
        Files.writeString(DOCUMENT, table);
      }

      var description = OpenApi.document(distinct(lanyard.api())).toPrettyJson() + "\n";
      if (Boolean.getBoolean("lanyard.write.docs")) {
        Files.writeString(DESCRIPTION, description);
      }

      assertThat(Files.readString(DOCUMENT)).isEqualTo(table);
      assertThat(Files.readString(DESCRIPTION)).isEqualTo(description);
    }
  }

  /// What several listeners offer is described once.
  private static List<ApiRoute> distinct(Map<String, List<ApiRoute>> api) {
    var all = new LinkedHashMap<String, ApiRoute>();
    api.values().stream()
        .flatMap(List::stream)
        .forEach(one -> all.put(one.route().methods() + one.route().pattern(), one));
    return List.copyOf(all.values());
  }

  private static String document(Map<String, List<Route>> routes) {
    return """
    # Routes

    Generated from the route table by `RouteTableTest`; that test fails when this page and the table differ. Write it anew with
    `./mvnw -Pquick -pl server -am test -Dtest=RouteTableTest -Dsurefire.failIfNoSpecifiedTests=false -Dlanyard.write.docs=true`.

    An issuer with a path, such as `https://host/t1`, prefixes these paths; its well-known documents stand where the table shows them,
    with the path inserted or appended as RFC 8414 tells. What the configuration does not ask for (providers upstream, signals,
    enrolment, metrics, administration, the audit log, the ordinary flow) is not served.

    %s
    ## Identity broker

    %s
    ## Resource authorization server

    %s
    ## Gateway

    For a connector whose address is `https://localhost:9443/mcp`.

    %s
    ## Console

    %s\
    """
        .formatted(
            legend(),
            table(routes.get(Lanyard.BROKER)),
            table(routes.get(Lanyard.RAS)),
            table(routes.get(Lanyard.GATEWAY)),
            table(routes.get(Lanyard.CONSOLE)));
  }

  private static String legend() {
    return Stream.concat(
            Arrays.stream(Access.values()).map(one -> row(one, meaning(one))),
            Arrays.stream(CrossOrigin.values()).map(one -> row(one, meaning(one))))
        .collect(Collectors.joining("", "| Word | Means |\n|---|---|\n", ""));
  }

  private static String row(Enum<?> word, String meaning) {
    return "| %s | %s |\n".formatted(word, meaning);
  }

  private static String meaning(Access access) {
    return switch (access) {
      case PUBLIC -> "anybody";
      case CLIENT -> "a client that authenticates, or names itself where it has no secret";
      case SESSION -> "a person with a browser session, or on the way to one";
      case BEARER -> "the bearer of an access token, or of a token of a SCIM connection";
      case ADMIN ->
          "at `/admin/api` a person with a token of the broker, or a program with one of"
              + " `administration.token_hashes`; for organisations with one of"
              + " `ras.enrolment.admin_token_hashes`; at `/metrics` and `/audit-log` the bearer of"
              + " its secret";
    };
  }

  private static String meaning(CrossOrigin scripts) {
    return switch (scripts) {
      case REFUSED -> "browsers keep the answer from scripts of pages of other origins";
      case ALLOWED -> "such scripts may read the answer";
    };
  }

  private static String table(List<Route> routes) {
    return "| Methods | Path | Who may call it | Scripts of other origins |\n|---|---|---|---|\n"
        + routes.stream().map(RouteTableTest::row).sorted().collect(Collectors.joining());
  }

  private static String row(Route route) {
    var methods =
        route.methods().stream().map(Enum::name).sorted().collect(Collectors.joining(" "));
    return "| %s | `%s` | %s | %s |\n"
        .formatted(methods, route.pattern(), route.access(), route.crossOrigin());
  }
}
