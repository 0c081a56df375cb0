package dev.lanyard.server.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.http.Response;
import dev.lanyard.server.pair.Described;
import dev.lanyard.server.pair.TestClock;
import dev.lanyard.server.pair.TestCursors;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("OpenAPI 3.1: the description of the JSON API")
class OpenApiTest {
  /// The schema that the OpenAPI Initiative publishes for documents, as a package carries it.
  private static final String META = "https://spec.openapis.org/oas/3.1/schema/2022-10-07";

  private static List<String> faults(JsonObject document) {
    return SchemaRegistry.withDefaultDialect(
            SpecificationVersion.DRAFT_2020_12,
            builder ->
                builder.schemaIdResolvers(resolvers ->
                    resolvers.mapPrefix(
                        "https://spec.openapis.org/", "classpath:spec.openapis.org/")))
        .getSchema(SchemaLocation.of(META))
        .validate(document.toJson(), InputFormat.JSON)
        .stream()
        .map(Object::toString)
        .toList();
  }

  private static Api api() {
    return new Api(AdminBearers.reading(List.of()), TestCursors.of(), new TestClock());
  }

  private static ApiRoute route(Operation operation) {
    return api().get("/things/{id}", operation, _ -> Response.empty(200));
  }

  private static Operation thing() {
    return Operation.of("thing", "A thing.", Right.READ, Schema.object().build());
  }

  @Test
  @DisplayName("is valid by the schema of OpenAPI 3.1 documents, and that schema refuses others")
  void valid() throws Exception {
    var document = Described.document();
    assertThat(faults(document)).isEmpty();
    assertThat(document.object("paths").orElseThrow().names())
        .contains("/admin/api/coverage", "/admin/api/organisations/{name}/suspend");
    assertThat(faults(document.without("info"))).isNotEmpty();
    var odd = JsonObject.builder().put("/a", JsonObject.builder().put("get", "x").build()).build();
    assertThat(faults(document.with(JsonObject.builder().put("paths", odd).build()))).isNotEmpty();
  }

  @Test
  @DisplayName(
      "says of each call its name, scope, duties, parameters and what it may be refused with")
  void says() throws Exception {
    var described =
        OpenApi.document(
            List.of(route(thing().path("id", "Which.").query("at", Schema.time(), "When."))));
    var get =
        described
            .object("paths")
            .orElseThrow()
            .object("/admin/api/things/{id}")
            .orElseThrow()
            .object("get")
            .orElseThrow();
    assertThat(get.string("operationId")).contains("thing");
    assertThat(get.strings("x-duties").orElseThrow()).containsExactly("administrator", "reviewer");
    assertThat(get.toJson()).contains("\"bearer\":[\"lanyard.read\"]");
    assertThat(get.objects("parameters").orElseThrow())
        .extracting(JsonObject::toJson)
        .anyMatch(one -> one.contains("\"in\":\"path\"") && one.contains("\"required\":true"))
        .anyMatch(one -> one.contains("\"in\":\"query\"") && one.contains("\"required\":false"));
    assertThat(get.object("responses").orElseThrow().names())
        .containsExactlyInAnyOrder("200", "400", "401", "403", "404", "429", "500", "503");
    assertThat(faults(described)).isEmpty();
  }

  @Test
  @DisplayName("cannot be made of a path whose parameter nobody explains")
  void unexplained() {
    assertThatThrownBy(() -> OpenApi.document(List.of(route(thing()))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("{id}");
  }
}
