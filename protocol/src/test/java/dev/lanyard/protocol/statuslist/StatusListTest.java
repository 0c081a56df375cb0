package dev.lanyard.protocol.statuslist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("TSL-2, Token Status List draft-20 §4: the list")
class StatusListTest {
  private static JsonObject claim(long bits, String list) {
    return JsonObject.builder().put("bits", bits).put("lst", list).build();
  }

  private static String compressed(byte[] bytes) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var deflater = new DeflaterOutputStream(out)) {
      deflater.write(bytes);
    }
    return Base64.getUrlEncoder().withoutPadding().encodeToString(out.toByteArray());
  }

  /// The examples of the draft: lists of one and of two bits, the lowest first.
  @ParameterizedTest
  @CsvSource({
    "1, eNrbuRgAAhcBXQ, 1 0 0 1 1 1 0 1 1 1 0 0 0 1 0 1",
    "2, eNo76fITAAPfAgc, 1 2 0 3 0 1 0 1 1 2 3 3"
  })
  void is_read_as_the_draft_says(long bits, String list, String statuses)
      throws MalformedException {
    var parsed = StatusList.parse(claim(bits, list));
    var expected = Arrays.stream(statuses.split(" ")).mapToInt(Integer::parseInt).toArray();
    assertThat(parsed.size()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(parsed.get(i)).as("status %s", i).isEqualTo(expected[i]);
    }
  }

  @Test
  void is_written_as_it_is_read() throws MalformedException {
    var invalid = new BitSet();
    invalid.set(0);
    invalid.set(9);
    invalid.set(1023);
    var read = StatusList.parse(StatusList.of(1024, invalid).toJson());
    assertThat(read.size()).isEqualTo(1024);
    for (int i = 0; i < 1024; i++) {
      assertThat(read.get(i) == StatusList.INVALID).as("status %s", i).isEqualTo(invalid.get(i));
    }
  }

  @Test
  @DisplayName("TSL-3: there is no status beyond its end")
  void has_an_end() {
    var list = StatusList.of(8, new BitSet());
    assertThatThrownBy(() -> list.get(8)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> list.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    var beyond = new BitSet();
    beyond.set(8);
    assertThatThrownBy(() -> StatusList.of(8, beyond)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"3, eNrbuRgAAhcBXQ", "0, eNrbuRgAAhcBXQ", "1, !", "1, AAAA", "1, eNrbuRgA"})
  void is_no_list(long bits, String list) {
    assertThatThrownBy(() -> StatusList.parse(claim(bits, list)))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  @DisplayName("a few bytes that unpack to a gigabyte are refused while they are unpacked")
  void is_no_bomb() throws IOException {
    var bomb = compressed(new byte[StatusList.MOST_BYTES + 1]);
    assertThat(bomb.length()).isLessThan(10_000);
    assertThatThrownBy(() -> StatusList.parse(claim(1, bomb)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("larger");
  }

  @Test
  @DisplayName("TSL-1: the claim of a token")
  void is_named_by_a_token() throws MalformedException {
    var reference = new StatusReference(412, URI.create("https://ras.example/status-lists/a"));
    assertThat(reference.toClaim().toJson())
        .isEqualTo(
            "{\"status\":{\"status_list\":{\"idx\":412,"
                + "\"uri\":\"https://ras.example/status-lists/a\"}}}");
    assertThat(StatusReference.of(reference.toClaim())).contains(reference);
    assertThat(StatusReference.of(JsonObject.EMPTY)).isEmpty();
    assertThat(StatusReference.of(JsonObject.parse("{\"status\":{}}"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"idx\":-1,\"uri\":\"https://ras.example/a\"}",
        "{\"idx\":1.5,\"uri\":\"https://ras.example/a\"}",
        "{\"idx\":1}",
        "{\"idx\":1,\"uri\":\"/a\"}",
        "{\"idx\":1,\"uri\":\"http:// x\"}"
      })
  void is_named_by_nothing_else(String list) {
    assertThatThrownBy(() ->
            StatusReference.of(JsonObject.parse("{\"status\":{\"status_list\":" + list + "}}")))
        .isInstanceOf(MalformedException.class);
  }
}
