package dev.lanyard.server.pair;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;

/// Holds answers of the JSON API against its description. Of an object that is described every
/// member must be: what a client may meet besides is not what we forgot to write down.
public final class Described {
  private static final Path DOCUMENT = Path.of("../docs/openapi.json");

  private Described() {}

  public static JsonObject document() {
    try {
      return JsonObject.parseLarge(Files.readAllBytes(DOCUMENT));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  /// @param pattern the path, such as `/admin/api/reviews/{id}`
  public static void assertFits(String method, String pattern, int status, String body) {
    var errors =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(strict(schema(method, pattern, status)).toJson(), InputFormat.JSON)
            .validate(body, InputFormat.JSON);
    assertThat(errors).as(method + " " + pattern + " " + body).isEmpty();
  }

  private static JsonObject schema(String method, String pattern, int status) {
    var response = document();
    for (var name :
        new String[] {
          "paths",
          pattern,
          method,
          "responses",
          Integer.toString(status),
          "content",
          "application/json",
          "schema"
        }) {
      response = member(response, name);
    }
    return response;
  }

  private static JsonObject member(JsonObject json, String name) {
    try {
      return json.object(name)
          .orElseThrow(() -> new AssertionError("not described: " + name + " in " + json.names()));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static JsonObject strict(JsonObject schema) {
    try {
      var json = JsonObject.builder().putAll(schema);
      var properties = schema.object("properties");
      if (properties.isPresent()) {
        var all = JsonObject.builder();
        for (var name : new ArrayList<>(properties.get().names())) {
          all.put(name, strict(member(properties.get(), name)));
        }
        json.put("properties", all.build()).put("additionalProperties", false);
      }
      if (schema.has("items")) {
        json.put("items", strict(member(schema, "items")));
      }
      return json.build();
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }
}
