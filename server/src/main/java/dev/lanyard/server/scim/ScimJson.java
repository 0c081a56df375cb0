package dev.lanyard.server.scim;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Flag;
import dev.lanyard.server.scim.Value.Items;
import dev.lanyard.server.scim.Value.Text;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads and writes JSON as [Value]. Apart from the reader of `protocol`: names are the same
/// whatever their case (so two that differ in case only are one name twice), `null` is no value,
/// and a group with all its members is larger than any message of OAuth.
final class ScimJson {
  private static final int MOST_DEPTH = 12;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MOST_DEPTH)
                  .maxNumberLength(32)
                  .maxNameLength(512)
                  .maxStringLength(64 * 1024)
                  .build())
          .build();

  private ScimJson() {}

  /// @throws ScimRefusal `invalidSyntax` if it is not one JSON object in UTF-8 within the limits
  static Complex read(byte[] json) throws ScimRefusal {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), decoded(json))) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ScimRefusal.invalidSyntax("the body is not a JSON object");
      }
      var object = object(parser);
      if (parser.nextToken() != null) {
        throw ScimRefusal.invalidSyntax("something follows the JSON object");
      }
      return object;
    } catch (JacksonException e) {
      throw ScimRefusal.invalidSyntax("the body is not well-formed JSON, or nested too deeply");
    }
  }

  /// What we have written ourselves.
  static Complex readOwn(String json) {
    try {
      return read(json.getBytes(StandardCharsets.UTF_8));
    } catch (ScimRefusal e) {
      throw new IllegalStateException("the record holds attributes that cannot be read", e);
    }
  }

  /// Decoded here, because the parser would also guess UTF-16 and UTF-32.
  private static String decoded(byte[] json) throws ScimRefusal {
    try {
      return StrictUtf8.decode(json);
    } catch (MalformedException e) {
      throw ScimRefusal.invalidSyntax("the body is not UTF-8");
    }
  }

  private static Complex object(JsonParser parser) throws ScimRefusal {
    var members = new LinkedHashMap<String, Value>();
    var names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var name = text(parser.currentName());
      if (!names.add(name)) {
        throw ScimRefusal.invalidSyntax("a name is in an object twice");
      }
      if (parser.nextToken() != JsonToken.VALUE_NULL) {
        members.put(name, value(parser));
      }
    }
    return new Complex(members);
  }

  private static Items items(JsonParser parser) throws ScimRefusal {
    var values = new ArrayList<Value>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() != JsonToken.VALUE_NULL) {
        values.add(value(parser));
      }
    }
    return new Items(values);
  }

  private static Value value(JsonParser parser) throws ScimRefusal {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> items(parser);
      case VALUE_STRING -> new Text(text(parser.getString()));
      case VALUE_TRUE -> new Flag(true);
      case VALUE_FALSE -> new Flag(false);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
      default -> throw ScimRefusal.invalidSyntax("the body is not well-formed JSON");
    };
  }

  private static Value number(String digits) throws ScimRefusal {
    var number = new BigDecimal(digits);
    // Writing 1E999999999 out would take a gigabyte.
    if (Math.abs((long) number.scale()) > 40) {
      throw ScimRefusal.invalidSyntax("a number is too large or too small");
    }
    return new Value.Number(number);
  }

  /// Half a surrogate pair can be escaped, but is no text; a database refuses the character zero.
  private static String text(String decoded) throws ScimRefusal {
    for (int at = 0; at < decoded.length(); at += Character.charCount(decoded.codePointAt(at))) {
      int point = decoded.codePointAt(at);
      if (point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
        throw ScimRefusal.invalidSyntax("a string holds what is no character");
      }
    }
    return decoded;
  }

  static byte[] write(Value value) {
    var out = new ByteArrayOutputStream(1024);
    try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(generator, value);
    }
    return out.toByteArray();
  }

  static String writeText(Value value) {
    return new String(write(value), StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator out, Value value) {
    switch (value) {
      case Text(var text) -> out.writeString(text);
      case Flag(var on) -> out.writeBoolean(on);
      case Value.Number(var number) -> out.writeNumber(number.toPlainString());
      case Items(var values) -> {
        out.writeStartArray();
        values.forEach(element -> write(out, element));
        out.writeEndArray();
      }
      case Complex(var members) -> {
        out.writeStartObject();
        members.forEach((name, member) -> {
          out.writeName(name);
          write(out, member);
        });
        out.writeEndObject();
      }
    }
  }
}
