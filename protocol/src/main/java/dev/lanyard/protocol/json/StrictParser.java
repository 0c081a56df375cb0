package dev.lanyard.protocol.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/// Turns bytes into a [JsonObject] under limits; the only reader of JSON in this library.
final class StrictParser {
  private static final int MAX_BYTES = 256 * 1024;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(16)
                  .maxNumberLength(32)
                  .maxNameLength(512)
                  .maxStringLength(MAX_BYTES)
                  .build())
          .build();

  private StrictParser() {}

  static JsonObject object(byte[] json) throws MalformedException {
    if (json.length > MAX_BYTES) {
      throw new MalformedException("JSON text is larger than " + MAX_BYTES + " bytes");
    }
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("JSON text is not an object");
      }
      var object = readObject(parser);
      if (parser.nextToken() != null) {
        throw new MalformedException("text follows the JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw new MalformedException(
          "not well-formed JSON at column " + e.getLocation().getColumnNr());
    }
  }

  private static JsonObject readObject(JsonParser parser) throws MalformedException {
    var members = new LinkedHashMap<String, Object>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = parser.currentName();
      members.put(name, readValue(parser, parser.nextToken()));
    }
    return JsonObject.over(members);
  }

  private static List<Object> readArray(JsonParser parser) throws MalformedException {
    var elements = new ArrayList<>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      elements.add(readValue(parser, token));
    }
    return List.copyOf(elements);
  }

  private static Object readValue(JsonParser parser, JsonToken token) throws MalformedException {
    return switch (token) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> parser.getString();
      case VALUE_TRUE -> Boolean.TRUE;
      case VALUE_FALSE -> Boolean.FALSE;
      case VALUE_NULL -> JsonObject.NULL;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      default -> throw new MalformedException("not well-formed JSON");
    };
  }

  private static Object integer(JsonParser parser) throws MalformedException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default -> throw new MalformedException("a whole number does not fit in 64 bits");
    };
  }
}
