package dev.lanyard.server.administration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.pair.TestCursors;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Cursors of the JSON API")
class CursorsTest {
  private static final String PLACE = "greta.garbo@acme.example 7f3a";
  private static final String LIST = "/admin/api/people?q=garbo";

  private final Cursors cursors = TestCursors.of();
  private final String sealed = cursors.seal(PLACE, LIST);

  private static void refuses(Cursors by, String cursor, String list) {
    assertThatThrownBy(() -> by.open(cursor, list))
        .as(cursor)
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("'cursor'");
  }

  @Test
  @DisplayName("say nothing, and every node opens those of every other")
  void opaque() throws Exception {
    var bytes = Base64.getUrlDecoder().decode(sealed);
    assertThat(new String(bytes, StandardCharsets.ISO_8859_1)).doesNotContain("garbo");
    assertThat(TestCursors.of().open(sealed, LIST)).isEqualTo(PLACE);
  }

  @Test
  @DisplayName("are good for their list, their filter and their installation, and nothing else")
  void bound() {
    refuses(cursors, sealed, "/admin/api/clients?");
    refuses(cursors, sealed, "/admin/api/people?q=other");
    refuses(TestCursors.of((byte) 2), sealed, LIST);
  }

  @Test
  @DisplayName("that somebody has made up are refused, whatever they are")
  void forged() {
    var last = sealed.charAt(sealed.length() - 2) == 'A' ? "B" : "A";
    var changed =
        sealed.substring(0, sealed.length() - 2) + last + sealed.charAt(sealed.length() - 1);
    var plain =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(PLACE.getBytes(StandardCharsets.UTF_8));
    for (var one :
        List.of(
            changed,
            plain,
            sealed + "A",
            "",
            "%",
            "A".repeat(37),
            "A".repeat(41),
            "A".repeat(3000))) {
      refuses(cursors, one, LIST);
    }
  }
}
