package dev.lanyard.server.gateway.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.BodySource.Piece;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RS-16: what is rewritten byte by byte says what parsing and serialising would say")
class PrivateBodyPropertiesTest {
  private static final int RUNS = 4000;
  private static final List<String> NAMES =
      List.of("cacheScope", "ttlMs", "cache\\u0053cope", "CacheScope", "a", "ä\\\"", "result", "");

  private final Random random = new Random(20261130);

  /// An upstream that says this, in pieces.
  private record Pieces(Deque<byte[]> left) implements BodySource {
    @Override
    public void opened(Listener listener) {}

    @Override
    public Piece next() {
      var one = left.poll();
      return one == null ? new Piece.End() : new Piece.Some(ByteBuffer.wrap(one));
    }

    @Override
    public void closed() {}
  }

  private Pieces pieces(byte[] text) {
    var pieces = new ArrayDeque<byte[]>();
    for (int from = 0; from < text.length; ) {
      int to = Math.min(text.length, from + 1 + random.nextInt(12));
      pieces.add(Arrays.copyOfRange(text, from, to));
      from = to;
    }
    return new Pieces(pieces);
  }

  /// What a client gets; empty if it is broken off.
  private Optional<byte[]> passed(byte[] text) {
    var body = new PrivateBody(pieces(text));
    var passed = new ByteArrayOutputStream();
    while (true) {
      switch (body.next()) {
        case Piece.Some(var some) -> {
          var bytes = new byte[some.remaining()];
          some.get(bytes);
          passed.writeBytes(bytes);
        }
        case Piece.Broken _ -> {
          return Optional.empty();
        }
        case Piece.End(), Piece.NothingYet() -> {
          return Optional.of(passed.toByteArray());
        }
      }
    }
  }

  private static Optional<JsonObject> read(byte[] text) {
    try {
      return Optional.of(JsonObject.parse(text));
    } catch (MalformedException e) {
      return Optional.empty();
    }
  }

  /// By the whole document, as nobody could do it who streams.
  private static Optional<JsonObject> expected(byte[] text) {
    return read(text)
        .flatMap(message -> {
          var result = result(message);
          try {
            return Optional.of(
                result.isEmpty()
                    ? message
                    : message.with(
                        JsonObject.builder()
                            .put("result", CacheHints.ofOnePerson(result.get()))
                            .build()));
          } catch (MalformedException e) {
            return Optional.empty();
          }
        });
  }

  private static Optional<JsonObject> result(JsonObject message) {
    try {
      return message.object("result");
    } catch (MalformedException e) {
      // Of a result that is no object nothing is changed.
      return Optional.empty();
    }
  }

  private String space() {
    return " ".repeat(random.nextInt(8) / 6);
  }

  private String value(int depth) {
    List<Supplier<String>> kinds =
        List.of(
            () -> "\"public\"",
            () -> "\"pr\\u0069vate\\\\\"",
            () -> "-1.5e3",
            () -> String.valueOf(random.nextInt(100)),
            () -> "null",
            () -> "true",
            () -> depth > 3 ? "[]" : list(depth + 1),
            () -> depth > 3 ? "{}" : object(depth + 1));
    return space() + kinds.get(random.nextInt(kinds.size())).get() + space();
  }

  private String list(int depth) {
    return IntStream.range(0, random.nextInt(3))
        .mapToObj(_ -> value(depth))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String object(int depth) {
    return IntStream.range(0, random.nextInt(4))
        .mapToObj(_ -> NAMES.get(random.nextInt(NAMES.size())))
        .map(name -> space() + '"' + name + '"' + space() + ':' + value(depth))
        .collect(Collectors.joining(",", "{", "}"));
  }

  private byte[] message() {
    var result = random.nextInt(10) == 0 ? value(0) : object(0);
    var before = random.nextBoolean() ? "\"jsonrpc\":\"2.0\"," : "";
    var text = "{" + before + "\"result\":" + result + ",\"id\":" + value(3) + "}";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// What was passed on, if it can be read: what parsing makes of it; and where nobody can parse
  /// what came, because of something that was left out, at least for nobody else to keep.
  private Optional<JsonObject> judged(byte[] text) {
    var told = new String(text, StandardCharsets.UTF_8);
    var passed = passed(text).flatMap(PrivateBodyPropertiesTest::read);
    var expected = expected(text);
    if (expected.isPresent()) {
      assertThat(passed).as(told).isEqualTo(expected);
    } else {
      passed.ifPresent(
          message -> assertThat(expected(message.toBytes())).as(told).isEqualTo(passed));
    }
    return passed;
  }

  @Test
  void whole_messages() {
    int changed = 0;
    for (int run = 0; run < RUNS; run++) {
      var text = message();
      changed += judged(text).equals(read(text)) ? 0 : 1;
    }
    assertThat(changed).as("messages that were rewritten").isGreaterThan(RUNS / 10);
  }

  @Test
  void spoilt_messages_are_never_passed_on_half_changed() {
    int readable = 0;
    for (int run = 0; run < RUNS; run++) {
      var text = message();
      for (int spoilt = 0; spoilt <= random.nextInt(3); spoilt++) {
        text[random.nextInt(text.length)] = (byte) random.nextInt(32, 127);
      }
      readable += judged(text).isPresent() ? 1 : 0;
    }
    assertThat(readable).as("messages that were still some").isGreaterThan(RUNS / 20);
  }
}
