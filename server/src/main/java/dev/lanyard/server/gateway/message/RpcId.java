package dev.lanyard.server.gateway.message;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.math.BigDecimal;
import java.util.regex.Pattern;

/// The id of a JSON-RPC request.
public sealed interface RpcId {
  /// Characters, which is more than anybody needs: what a server answers to is kept in memory.
  int LONGEST = 256;

  Pattern WHOLE = Pattern.compile("-?[0-9]{1,19}(\\.0{1,20})?");

  record Text(String value) implements RpcId {}

  record Whole(long value) implements RpcId {}

  /// Of a message that has none, or none that can be used.
  record None() implements RpcId {}

  /// @throws MalformedException if it is neither a text nor a whole number
  static RpcId of(JsonObject message) throws MalformedException {
    if (message.text("id").filter(text -> text.startsWith("\"")).isEmpty()) {
      return new Whole(
          message.integer("id").orElseThrow(() -> new MalformedException("'id' is missing")));
    }
    var text = message.string("id").orElseThrow();
    if (text.length() > LONGEST) {
      throw new MalformedException("'id' is longer than " + LONGEST + " characters");
    }
    return new Text(text);
  }

  /// Puts it into a message; nothing if it is none, as MCP has it: an error about no request in
  /// particular has no id.
  default JsonObject.Builder on(JsonObject.Builder message) {
    return switch (this) {
      case Text(var text) -> message.put("id", text);
      case Whole(var number) -> message.put("id", number);
      case None() -> message;
    };
  }

  /// The id that a server has written. One that is `1.0` is 1, as some write every number so and
  /// clients read it; one that is no id of a request is [None].
  ///
  /// @param json well-formed, and neither an object nor an array
  static RpcId written(String json) throws MalformedException {
    return switch (json.charAt(0)) {
      case '"' -> new Text(JsonObject.parse("{\"id\":" + json + "}").string("id").orElseThrow());
      case 't', 'f', 'n' -> new None();
      default -> WHOLE.matcher(json).matches() ? whole(new BigDecimal(json)) : new None();
    };
  }

  private static RpcId whole(BigDecimal number) {
    try {
      return new Whole(number.longValueExact());
    } catch (ArithmeticException e) {
      // Beyond 64 bits: it has no other way to say so.
      return new None();
    }
  }
}
