package dev.lanyard.server.gateway.message;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.http.BodySource;
import dev.lanyard.server.http.BodySource.Piece;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-16: a result that may be kept, on its way to one person")
class PrivateBodyTest {
  private static final class Pieces implements BodySource {
    private final Deque<byte[]> left = new ArrayDeque<>();

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

  /// What comes of a text that arrives in two pieces.
  private static String passed(String text, int cut) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    var pieces = new Pieces();
    for (var piece : List.of(text(bytes, 0, cut), text(bytes, cut, bytes.length))) {
      if (piece.length > 0) {
        pieces.left.add(piece);
      }
    }
    var body = new PrivateBody(pieces);
    var passed = new StringBuilder();
    while (true) {
      switch (body.next()) {
        case Piece.Some(var some) -> {
          assertThat(some.remaining()).isPositive();
          passed.append(StandardCharsets.ISO_8859_1.decode(some));
        }
        case Piece.Broken _ -> {
          return "broken";
        }
        case Piece.End(), Piece.NothingYet() -> {
          return new String(
              passed.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
      }
    }
  }

  private static byte[] text(byte[] bytes, int from, int to) {
    return java.util.Arrays.copyOfRange(bytes, from, to);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "{'cacheScope':'public','ttlMs':9} | {'cacheScope':'private','ttlMs':9}",
        "{'contents':[{'text':'ä'}],'cacheScope' : 'public' } |"
            + " {'contents':[{'text':'ä'}],'cacheScope' : 'private' }",
        "{'cache\\u0053cope':'public'} | {'cache\\u0053cope':'private'}",
        "{'cacheScope':'pub\\u006cic'} | {'cacheScope':'private'}",
        "{'cacheScope':'shared','a':1} | {'cacheScope':'private','a':1}",
        "{'cacheScope':null,'a':1} | {'cacheScope':'private','a':1}",
        "{'a':1,'cacheScope':true } | {'a':1,'cacheScope':'private' }",
        "{'cacheScope':-1.5e3} | {'cacheScope':'private'}",
        "{'cacheScope':10,'a':1} | {'cacheScope':'private','a':1}",
        "{'cacheScope':['public',{'a':[]}],'a':1} | {'cacheScope':'private','a':1}",
        "{'cacheScope':{'cacheScope':'public','ttlMs':1}} | {'cacheScope':'private'}",
        "{'ttlMs':9,'contents':[]} | {'ttlMs':9,'contents':[],'cacheScope':'private'}",
        "{'ttlMs':9} | {'ttlMs':9,'cacheScope':'private'}",
        "{'contents':[{'cacheScope':'public'}],'_meta':{'cacheScope':'public','ttlMs':1}}"
            + " | {'contents':[{'cacheScope':'public'}],'_meta':{'cacheScope':'public','ttlMs':1}}",
        "{'resultType':'input_required'} | {'resultType':'input_required'}",
        "{} | {}"
      })
  void is_for_nobody_else_to_keep(String result, String expected) throws MalformedException {
    var text = message(result);
    for (int cut = 0; cut <= text.getBytes(StandardCharsets.UTF_8).length; cut++) {
      assertThat(passed(text, cut)).isEqualTo(message(expected));
    }
    var _ = JsonObject.parse(message(expected));
  }

  private static String message(String result) {
    return "{'jsonrpc':'2.0','result':%s,'id':1}".formatted(result).replace('\'', '"');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'cacheScope':'private','cacheScope':'public'}",
        "{'cacheScope':'private','CacheScope':'public'}",
        "{'cacheScope':'private','ttlMs':0,'TTLMs':9}"
      })
  void is_not_passed_on_if_somebody_could_read_another_hint(String result) {
    assertThat(passed(message(result), 0)).isEqualTo("broken");
  }

  @Test
  void leaves_what_is_no_result_and_takes_one_message_only() {
    var error = "{\"jsonrpc\":\"2.0\",\"id\":1,\"error\":{\"cacheScope\":\"public\",\"ttlMs\":1}}";
    assertThat(passed(error, 7)).isEqualTo(error);
    assertThat(passed("[" + error + "]", 0)).isEqualTo("broken");
    assertThat(passed("{\"result\":[{\"ttlMs\":1}]}", 0)).isEqualTo("{\"result\":[{\"ttlMs\":1}]}");
  }
}
