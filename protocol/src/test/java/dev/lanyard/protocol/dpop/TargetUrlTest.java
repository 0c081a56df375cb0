package dev.lanyard.protocol.dpop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.lanyard.protocol.json.MalformedException;
import java.net.URI;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("RFC 3986 §6.2.2 and §6.2.3 Normalisation of htu")
class TargetUrlTest {
  @ParameterizedTest
  @CsvSource({
    "https://h, https://h/",
    "https://h/, https://h/",
    "https://h?q=1, https://h/",
    "https://h/a?q=1#f, https://h/a",
    "HTTPS://Example.COM/A, https://example.com/A",
    "https://h:443/a, https://h/a",
    "https://h:8443/a, https://h:8443/a",
    "http://h:80/a, http://h/a",
    "http://h:443/a, http://h:443/a",
    "https://h:80/a, https://h:80/a",
    "https://h/a/./b/../c, https://h/a/c",
    "https://h/../a, https://h/a",
    "https://h/a/.., https://h/",
    "https://h/a/., https://h/a/",
    "https://h/.., https://h/",
    "https://h/%7Euser, https://h/~user",
    "https://h/%41%2d%2E%5f%7e, https://h/A-._~",
    "https://h/%2fa, https://h/%2Fa",
    "https://h/%c3%a9, https://h/%C3%A9",
    "https://[::1]:8443/a, https://[::1]:8443/a",
    "https://h//a, https://h//a"
  })
  void is_one_form_for_all_that_mean_the_same(String url, String normal) throws Exception {
    assertThat(TargetUrl.parse(url)).hasToString(normal);
    assertThat(TargetUrl.normalised(URI.create(url))).hasToString(normal);
  }

  @Test
  void an_escaped_dot_segment_is_resolved_too() throws Exception {
    assertThat(TargetUrl.parse("https://h/a/%2e%2e/b")).hasToString("https://h/b");
  }

  @Test
  void an_endless_one_is_refused() throws Exception {
    var longest = "https://h/" + "a".repeat(2038);

    assertThat(TargetUrl.parse(longest)).hasToString(longest);
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(() -> TargetUrl.parse(longest + "a"));
  }
}
