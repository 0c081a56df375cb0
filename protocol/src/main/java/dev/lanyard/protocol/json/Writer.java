package dev.lanyard.protocol.json;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultPrettyPrinter;

/// Writes the values that a [JsonObject] can hold.
final class Writer {
  private static final JsonFactory FACTORY = new JsonFactory();

  private Writer() {}

  static byte[] bytes(Object value) {
    var out = new ByteArrayOutputStream(512);
    try (var generator = FACTORY.createGenerator(ObjectWriteContext.empty(), out)) {
      write(generator, value);
    }
    return out.toByteArray();
  }

  static String text(Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  static String pretty(Object value) {
    var context =
        new ObjectWriteContext.Base() {
          @Override
          public DefaultPrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter();
          }

          @Override
          public boolean hasPrettyPrinter() {
            return true;
          }
        };
    var out = new ByteArrayOutputStream(512);
    try (var generator = FACTORY.createGenerator(context, out)) {
      write(generator, value);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static void write(JsonGenerator out, Object value) {
    switch (value) {
      case JsonObject object -> {
        out.writeStartObject();
        object
            .members()
            .forEach((name, member) -> {
              out.writeName(name);
              write(out, member);
            });
        out.writeEndObject();
      }
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(element -> write(out, element));
        out.writeEndArray();
      }
      case String text -> out.writeString(text);
      case Long number -> out.writeNumber(number.longValue());
      case Double number -> out.writeNumber(number.doubleValue());
      case BigInteger number -> out.writeNumber(number);
      case BigDecimal number -> out.writeNumber(number);
      case Boolean bool -> out.writeBoolean(bool.booleanValue());
      default -> out.writeNull();
    }
  }
}
