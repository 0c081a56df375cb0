package dev.lanyard.server.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AC-4: redirect URIs match exactly, but for the port on the client's own machine")
class RedirectUriTest {
  @ParameterizedTest
  @CsvSource({
    "https://a.example/cb, https://a.example/cb",
    "https://vscode.dev/redirect, https://vscode.dev/redirect",
    "https://a.example/cb?x=1, https://a.example/cb?x=1",
    "http://127.0.0.1/cb, http://127.0.0.1:33418/cb",
    "http://127.0.0.1:33418/, http://127.0.0.1:50000/",
    "http://127.0.0.1:33418/, http://127.0.0.1/",
    "http://[::1]/cb, http://[::1]:33418/cb",
    "http://localhost/callback, http://localhost:8080/callback",
    "com.example.app:/cb, com.example.app:/cb",
  })
  void accepts(String registered, String presented) {
    assertThat(new RedirectUri(registered).matches(presented)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/cb, https://a.example/cb/",
    "https://a.example/cb, https://a.example/cb?x=1",
    "https://a.example/cb, https://a.example/cb#x",
    "https://a.example/cb, https://a.example:443/cb",
    "https://a.example/cb, https://A.example/cb",
    "https://a.example/cb, https://a.example/CB",
    "https://a.example/cb, https://a.example/x/../cb",
    "https://a.example/cb, https://a.example/%63b",
    "https://a.example/cb, http://a.example/cb",
    "https://a.example/cb, https://a.example/cb/../evil",
    "https://a.example:8443/cb, https://a.example:9443/cb",
    "http://127.0.0.1/cb, http://localhost/cb",
    "http://127.0.0.1/cb, http://127.0.0.2/cb",
    "http://127.0.0.1/cb, http://127.0.0.1.evil.example/cb",
    "http://127.0.0.1/cb, http://127.0.0.1@evil.example/cb",
    "http://127.0.0.1/cb, http://127.0.0.1:80@evil.example/cb",
    "http://127.0.0.1/cb, http://127.0.0.1:123456/cb",
    "http://127.0.0.1/cb, http://127.0.0.1:33418/cb#x",
    "http://127.0.0.1/cb, http://127.0.0.1:33418/cb?x=1",
    "http://127.0.0.1/cb, https://127.0.0.1:33418/cb",
    "http://localhost/callback, http://LOCALHOST/callback",
    "http://localhost/callback, https://localhost:8080/callback",
    "http://localhost/callback, http://localhost.evil.example/callback",
  })
  void rejects(String registered, String presented) {
    assertThat(new RedirectUri(registered).matches(presented)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/cb",
        "https://",
        "https://a.example/cb#x",
        "https://user@a.example/cb",
        "http://a.example/cb",
        "http://127.0.0.1@evil.example/cb",
        "javascript:alert(1)",
        "data:text/html,x",
        "app:/cb",
        "https://a.example/a b"
      })
  void cannot_be_registered(String value) {
    assertThatThrownBy(() -> new RedirectUri(value)).isInstanceOf(IllegalArgumentException.class);
  }
}
