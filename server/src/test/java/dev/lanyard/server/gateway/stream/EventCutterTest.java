package dev.lanyard.server.gateway.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("HTML: Parsing an event stream")
class EventCutterTest {
  private static List<String> cut(EventCutter cutter, String text) throws Exception {
    var events = new ArrayList<String>();
    for (var event : cutter.feed(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)))) {
      events.add(new String(event, StandardCharsets.UTF_8));
    }
    return events;
  }

  @ParameterizedTest
  @DisplayName("Lines end in LF, CR LF or CR, and an event in an empty one")
  @ValueSource(strings = {"\n", "\r\n"})
  void whole(String end) throws Exception {
    var one = "id: 1" + end + "data: ä" + end + end;
    var two = ":" + end + end;

    assertThat(cut(new EventCutter(100), one + two + "data")).containsExactly(one, two);
  }

  @Test
  @DisplayName("A CR may have its LF still to come, so the event waits for what follows")
  void carriage_returns() throws Exception {
    assertThat(cut(new EventCutter(100), "data: 1\r\rdata: 2\r\r")).containsExactly("data: 1\r\r");
  }

  @Test
  @DisplayName("or for the end")
  void carriage_returns_at_the_end() throws Exception {
    var cutter = new EventCutter(100);
    assertThat(cut(cutter, "data: 1\r\r")).isEmpty();
    assertThat(cutter.end()).containsExactly("data: 1\r\r".getBytes(StandardCharsets.UTF_8));
    assertThat(cut(cutter, "data: 2\r")).isEmpty();
    assertThat(cutter.end()).isEmpty();
  }

  @ParameterizedTest
  @DisplayName("However it arrives, the same events come of it, byte for byte")
  @ValueSource(strings = {"data: 1\n\ndata: 2\ndata: 3\n\n", "data: 1\r\n\r\nid\r\n\r\n:\n\n"})
  void in_pieces(String text) throws Exception {
    var whole = cut(new EventCutter(100), text);
    var cutter = new EventCutter(100);
    var pieces = new ArrayList<String>();
    for (var one : text.split("", -1)) {
      pieces.addAll(cut(cutter, one));
    }

    assertThat(pieces).isEqualTo(whole);
    assertThat(String.join("", whole)).isEqualTo(text);
    assertThat(cutter.isBetweenEvents()).isTrue();
  }

  @Test
  @DisplayName("However random bytes arrive, the same events come of them, and nothing is lost")
  void random_bytes_in_random_pieces() throws Exception {
    var random = new Random(20261130);
    var alphabet = "\n\r\n\r:ad \u00e4\u2028";
    for (int run = 0; run < 2000; run++) {
      var text = new StringBuilder();
      for (int length = random.nextInt(40); length > 0; length--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      // What would wait for more is ended, so that all of it comes out.
      var ended = text.append("a\n\n:\n\n").toString();
      var whole = cut(new EventCutter(1000), ended);
      var cutter = new EventCutter(1000);
      var pieces = new ArrayList<String>();
      var bytes = ended.getBytes(StandardCharsets.UTF_8);
      for (int from = 0; from < bytes.length; ) {
        int to = Math.min(bytes.length, from + 1 + random.nextInt(5));
        for (var event : cutter.feed(ByteBuffer.wrap(bytes, from, to - from))) {
          pieces.add(new String(event, StandardCharsets.UTF_8));
        }
        from = to;
      }

      assertThat(pieces).as(ended).isEqualTo(whole);
      assertThat(String.join("", whole)).isEqualTo(ended);
      assertThat(whole).as(ended).allMatch(one -> one.endsWith("\n") || one.endsWith("\r"));
    }
  }

  @Test
  void one_that_never_ends() {
    assertThatThrownBy(() -> cut(new EventCutter(10), "data: 12345"))
        .isInstanceOf(EventCutter.TooLargeException.class);
  }
}
