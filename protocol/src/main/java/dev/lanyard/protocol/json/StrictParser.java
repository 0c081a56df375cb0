package dev.lanyard.protocol.json;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Turns bytes into a [JsonObject] under limits; the only reader of JSON in this library.
final class StrictParser {
  /// For what OAuth exchanges. Its texts become columns of a database, and PostgreSQL has no
  /// U+0000.
  static final StrictParser SMALL = new StrictParser(256 * 1024, 16, 32, false);

  /// For messages between programs, such as the arguments of a tool. They are often passed on, so
  /// no number may lose a digit: one that 64 bits do not hold is kept as it is, up to the digits
  /// that the largest number of 64 bits has when it is written out.
  static final StrictParser LARGE = new StrictParser(4 * 1024 * 1024, 100, 400, true);

  private final int maxBytes;
  private final boolean isPassedOn;
  private final JsonFactory factory;

  private StrictParser(int maxBytes, int maxDepth, int maxDigits, boolean isPassedOn) {
    this.maxBytes = maxBytes;
    this.isPassedOn = isPassedOn;
    this.factory =
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(maxDepth)
                    .maxNumberLength(maxDigits)
                    .maxNameLength(512)
                    .maxStringLength(maxBytes)
                    .build())
            .build();
  }

  JsonObject object(byte[] json) throws MalformedException {
    if (json.length > maxBytes) {
      throw new MalformedException("JSON text is larger than " + maxBytes + " bytes");
    }
    // Decoded here, because the parser would also guess UTF-16 and UTF-32.
    var text = StrictUtf8.decode(json);
    try (var parser = factory.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedException("JSON text is not an object");
      }
      var object = readObject(parser);
      if (parser.nextToken() != null) {
        throw new MalformedException("text follows the JSON object");
      }
      return object;
    } catch (JacksonException e) {
      // A limit that is passed has no location.
      var location = e.getLocation();
      throw new MalformedException(
          location == null
              ? "JSON text is beyond a limit"
              : "not well-formed JSON at column " + location.getColumnNr());
    }
  }

  private JsonObject readObject(JsonParser parser) throws MalformedException {
    var members = new LinkedHashMap<String, Object>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = text(parser.currentName());
      if (members.put(name, readValue(parser, parser.nextToken())) != null) {
        throw new MalformedException("an object names a member twice");
      }
    }
    return JsonObject.over(members);
  }

  private List<Object> readArray(JsonParser parser) throws MalformedException {
    var elements = new ArrayList<>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      elements.add(readValue(parser, token));
    }
    return List.copyOf(elements);
  }

  private Object readValue(JsonParser parser, JsonToken token) throws MalformedException {
    return switch (token) {
      case START_OBJECT -> readObject(parser);
      case START_ARRAY -> readArray(parser);
      case VALUE_STRING -> text(parser.getString());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> JsonObject.NULL;
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      default -> throw new MalformedException("not well-formed JSON");
    };
  }

  /// Half a surrogate pair can be escaped, but is no text and could not be written again.
  private String text(String decoded) throws MalformedException {
    if (!isPassedOn && decoded.indexOf('\0') >= 0) {
      throw new MalformedException("a string holds U+0000");
    }
    for (int at = 0; at < decoded.length(); at++) {
      if (Character.isSurrogate(decoded.charAt(at))) {
        if (Character.charCount(decoded.codePointAt(at)) == 1) {
          throw new MalformedException("a string holds half a character");
        }
        at++;
      }
    }
    return decoded;
  }

  private Object decimal(JsonParser parser) throws MalformedException {
    double number = parser.getDoubleValue();
    if (!isPassedOn) {
      if (!Double.isFinite(number)) {
        throw new MalformedException("a number does not fit in 64 bits");
      }
      return number;
    }
    var exact = parser.getDecimalValue();
    return Double.isFinite(number) && new BigDecimal(Double.toString(number)).compareTo(exact) == 0
        ? (Object) number
        : exact;
  }

  private Object integer(JsonParser parser) throws MalformedException {
    return switch (parser.getNumberType()) {
      case INT, LONG -> parser.getLongValue();
      default -> {
        if (!isPassedOn) {
          throw new MalformedException("a whole number does not fit in 64 bits");
        }
        yield parser.getBigIntegerValue();
      }
    };
  }
}
