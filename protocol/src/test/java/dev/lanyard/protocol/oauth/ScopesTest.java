package dev.lanyard.protocol.oauth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.lanyard.protocol.json.MalformedException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 6749 §3.3 Access Token Scope (IDP-8)")
class ScopesTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "a b", "files:read https://x/y", "!#[]~", "a a"})
  void follows_the_grammar(String scope) throws Exception {
    assertThat(Scopes.parse(Scopes.parse(scope).toString())).isEqualTo(Scopes.parse(scope));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", " a", "a ", "a  b", "a\"b", "a\\b", "a\tb", "a\nb", "é", "a\u007f"})
  void refuses_what_breaks_it(String scope) {
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Scopes.parse(scope));
  }

  @Test
  void has_100_scopes_or_4096_characters_and_no_more() throws Exception {
    assertThat(Scopes.parse("a ".repeat(99) + "b").values()).containsExactly("a", "b");
    assertThat(Scopes.parse("x".repeat(4096)).values()).hasSize(1);
    assertTooMany("a ".repeat(100) + "b");
    assertTooMany("x".repeat(4097));
  }

  private static void assertTooMany(String scope) {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> Scopes.parse(scope))
        .withMessage("too many scopes");
  }

  @Test
  void is_a_set_in_the_order_in_which_it_was_written() throws Exception {
    assertThat(Scopes.parse("b a b")).hasToString("b a").isEqualTo(Scopes.of("a", "b"));
    assertThat(Scopes.of(List.of("c", "a"))).hasToString("c a");
  }

  @Test
  void narrows_and_widens() {
    var granted = Scopes.of("c", "a", "b");

    assertThat(granted.intersect(Scopes.of("b", "x", "c"))).hasToString("c b");
    assertThat(granted.intersect(Scopes.NONE).isEmpty()).isTrue();
    assertThat(granted.union(Scopes.of("a", "d"))).hasToString("c a b d");
    assertThat(granted.containsAll(Scopes.of("a", "b"))).isTrue();
    assertThat(granted.containsAll(Scopes.of("a", "x"))).isFalse();
    assertThat(granted.contains("a")).isTrue();
    assertThat(granted.contains("A")).isFalse();
  }

  @Test
  void cannot_be_configured_wrongly() {
    assertThatIllegalArgumentException().isThrownBy(() -> Scopes.of("a b"));
  }
}
