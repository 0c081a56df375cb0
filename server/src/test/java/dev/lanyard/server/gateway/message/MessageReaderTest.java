package dev.lanyard.server.gateway.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-15: what the messages of a server are is told without reading what they hold")
class MessageReaderTest {
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static List<Heard> heard(String text) throws MalformedException {
    return MessageReader.all(bytes(text));
  }

  private static Heard.Result result(long id) {
    return new Heard.Result(new RpcId.Whole(id));
  }

  @Test
  void the_id_may_stand_anywhere_and_be_escaped() throws Exception {
    assertThat(heard("{\"jsonrpc\":\"2.0\",\"id\":7,\"result\":{\"id\":8,\"method\":\"x\"}}"))
        .containsExactly(result(7));
    assertThat(heard(" {\"result\":[[{\"id\":8}]],\"\\u0069d\":7}\n")).containsExactly(result(7));
    assertThat(heard("{\"result\":1,\"id\":\"a\\u0062\\\"\"}"))
        .containsExactly(new Heard.Result(new RpcId.Text("ab\"")));
    assertThat(heard("{\"id\":7,\"error\":{}}"))
        .containsExactly(new Heard.Failure(new RpcId.Whole(7)));
    assertThat(heard("{\"error\":{},\"id\":null}"))
        .containsExactly(new Heard.Failure(new RpcId.None()));
    assertThat(heard("{\"id\":7,\"method\":\"sampling/createMessage\"}"))
        .containsExactly(new Heard.OfItself());
  }

  @Test
  @DisplayName("in an array each message is one")
  void arrays() throws Exception {
    assertThat(heard("[{\"id\":1,\"result\":{}},{\"method\":\"n\"},{\"result\":[],\"id\":2}]"))
        .containsExactly(result(1), new Heard.OfItself(), result(2));
    assertThat(heard("[]")).isEmpty();
  }

  @Test
  @DisplayName(
      "a number is the request's only if it is that number, a text only if it is that text")
  void ids() throws Exception {
    assertThat(heard("{\"id\":1.0,\"result\":{}}")).containsExactly(result(1));
    for (var none : List.of("1.5", "1e0", "9223372036854775808", "true", "null", "1E999999999")) {
      assertThat(heard("{\"id\":" + none + ",\"result\":{}}"))
          .containsExactly(new Heard.Result(new RpcId.None()));
    }
    assertThat(heard("{\"id\":\"1\",\"result\":{}}"))
        .containsExactly(new Heard.Result(new RpcId.Text("1")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"id\":1,\"id\":2,\"result\":{}}",
        "{\"id\":1,\"i\\u0064\":2,\"result\":{}}",
        "{\"id\":1,\"result\":{},\"result\":{\"tools\":[]}}",
        "{\"id\":1,\"result\":{},\"error\":{}}",
        "{\"id\":1,\"method\":\"x\",\"result\":{}}",
        "{\"ID\":2,\"id\":1,\"result\":{}}",
        "{\"id\":1,\"Re\\u017fult\":{\"tools\":[]}}",
        "{\"id\":{\"a\":1},\"result\":{}}",
        "{\"id\":[1],\"result\":{}}",
        "\ufeff{\"id\":1,\"result\":{}}",
        "{\"id\":1,\"result\":{}}{\"id\":2,\"result\":{}}",
        "{\"id\":1,\"result\":{}},",
        "{'id':1,\"result\":{}}",
        "{\"id\":1,/**/\"result\":{}}",
        "{\"id\":1,\"result\":NaN}",
        "{\"id\":1,\"result\":{},}",
        "[[{\"id\":1,\"result\":{}}]]",
        "[1]",
        "\"text\"",
        "{\"id\":1,\"result\":{}",
        ""
      })
  @DisplayName("what two readers could take for different messages is refused")
  void two_ways(String text) {
    assertThatThrownBy(() -> heard(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("and an id or a name is kept no further than one can be")
  void bounded() throws Exception {
    var longest = "\"" + "x".repeat(RpcId.LONGEST) + "\"";
    assertThat(heard("{\"id\":" + longest + ",\"result\":{}}")).hasSize(1);
    assertThatThrownBy(() -> heard("{\"id\":\"" + "x".repeat(10_000) + "\",\"result\":{}}"))
        .isInstanceOf(MalformedException.class);
    assertThat(heard("{\"" + "x".repeat(10_000) + "\":0,\"id\":1,\"result\":{}}"))
        .containsExactly(result(1));
    assertThatThrownBy(() -> heard("{\"id\":1,\"result\":" + "[".repeat(10_000)))
        .hasMessageContaining("deeper");
  }

  @Test
  @DisplayName("it makes no difference in which pieces a text comes")
  void pieces() throws Exception {
    var text =
        bytes(
            "[{\"result\":{\"ä\":-1.5e+3,\"b\":\"\\u00e4😀\"},\"id\":12},{\"id\":3,\"error\":0}]");
    for (int size = 1; size < text.length; size++) {
      var reader = new MessageReader();
      for (int from = 0; from < text.length; from += size) {
        assertThat(reader.isComplete()).isFalse();
        reader.read(ByteBuffer.wrap(text, from, Math.min(size, text.length - from)));
      }
      assertThat(reader.isComplete()).isTrue();
      assertThat(reader.heard()).containsExactly(result(12), new Heard.Failure(new RpcId.Whole(3)));
    }
  }

  /// The strict parser reads the whole of it; both must agree about which bytes are JSON.
  @Test
  @DisplayName("and what it takes for JSON is what the strict parser takes for it")
  void agrees() {
    var random = new Random(20260728);
    var good =
        bytes(
            "{\"id\":1,\"result\":{\"a\":[-0.5e-3,\"ä\\\\\\n\\u00FF\",true,false,null],\"€\":{}}}");
    var odd = bytes("{}[]\",:\\ /u0eE+-.1tfn\u0001\ufeffäx'");
    for (int i = 0; i < 20_000; i++) {
      var text = good.clone();
      for (int changes = 1 + random.nextInt(2); changes > 0; changes--) {
        text[random.nextInt(text.length)] = odd[random.nextInt(odd.length)];
      }
      boolean strict = isRead(() -> JsonObject.parseLarge(text));
      if (strict) {
        // A message is more than JSON.
        continue;
      }
      assertThat(isRead(() -> MessageReader.all(text)))
          .as(new String(text, StandardCharsets.UTF_8))
          .isFalse();
    }
    assertThat(isRead(() -> MessageReader.all(good))).isTrue();
  }

  private interface Reading {
    Object read() throws MalformedException;
  }

  private static boolean isRead(Reading reading) {
    try {
      return reading.read() != null;
    } catch (MalformedException e) {
      return false;
    }
  }
}
