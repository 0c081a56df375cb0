package dev.lanyard.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("CLI-16: a browser is opened without a shell")
class SystemBrowserTest {
  private static final URI URL = URI.create("https://idp.example/authorize?a=1&b=$(id)");

  private final List<String> shown = new ArrayList<>();
  private final List<List<String>> started = new ArrayList<>();

  private void open(URI url, String system, Map<String, String> environment) {
    new SystemBrowser(shown::add, system, environment, started::add).accept(url);
  }

  @Test
  void the_url_is_one_argument_of_one_program() {
    open(URL, "Linux", Map.of("DISPLAY", ":0"));
    open(URL, "Mac OS X", Map.of());
    open(URL, "Windows 11", Map.of());

    assertThat(started)
        .containsExactly(
            List.of("xdg-open", URL.toString()),
            List.of("open", URL.toString()),
            List.of("rundll32", "url.dll,FileProtocolHandler", URL.toString()));
  }

  @Test
  void without_a_screen_the_url_is_shown() {
    open(URL, "Linux", Map.of());

    assertThat(started).isEmpty();
    assertThat(shown).singleElement().asString().contains(URL.toString());
  }

  @Test
  void a_program_that_cannot_be_started_leaves_the_url() {
    SystemBrowser.Starter broken =
        command -> {
          throw new IOException("no such file");
        };

    new SystemBrowser(shown::add, "Mac OS X", Map.of(), broken).accept(URL);

    assertThat(shown).hasSize(2).first().asString().contains(URL.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://idp.example/authorize",
        "http://127.0.0.1.evil.example/",
        "https://user@idp.example/",
        "ms-calculator:"
      })
  void nothing_else_is_opened(String url) {
    assertThatThrownBy(() -> open(URI.create(url), "Mac OS X", Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(started).isEmpty();
  }

  @Test
  void plain_http_on_loopback_is_for_developers() {
    open(URI.create("http://127.0.0.1:8080/authorize"), "Mac OS X", Map.of());

    assertThat(started).hasSize(1);
  }
}
