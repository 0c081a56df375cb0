package dev.lanyard.server.gateway.grade;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RS-21: another spelling of a URI has no lower grade")
class UriSpellingTest {
  @Nested
  @DisplayName("A star means no URI that some server reads as another one")
  class Plain {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "docs://x/.\t./secret",
          "docs://sec\tret",
          "docs://sec\nret",
          "docs://sec\rret",
          " docs://x",
          "docs://x ",
          "docs://x/\u0000",
          "docs://x/%00",
          "docs://x/%0a",
          "docs://x/%7f",
          "docs://x/%C2%85",
          "docs://x\\secret",
          "docs://x%5csecret",
          "docs://s%65cret",
          "docs://x/%73ecret",
          "docs://x/%2e%2e/secret",
          "docs://x/.%2E/secret",
          "docs://x/%252e%252e/secret",
          "docs://x/%25",
          "docs://x/%",
          "docs://x/%u002e",
          "docs://x/%c0%ae%c0%ae/secret",
          "docs://x/%ff",
          "docs://x/../secret",
          "docs://x/..%2fsecret",
          "docs://x%2f..%2fsecret",
          "docs://x/..;/secret",
          "docs://x/..%3b/secret",
          "docs://x/..%3f",
          "docs://x/..%20/secret",
          "docs://x/.../secret",
          "docs://x/..",
          "docs://x/.",
          "docs:../secret",
          "docs://x/read?file=../secret",
          "docs://x/read?path=pub/a&path=secret/plan",
          "docs://x/read?path=pub/a;Path=secret/plan",
          "docs://x/read?path=pub/a&path[]=secret/plan",
          "docs://x/read?path=pub/a#path=secret/plan",
          "docs://x@secret/plan",
          "docs://x:y@secret/plan",
          "docs:///x@secret/plan",
          "docs://x/\uff0e\uff0e/secret",
          "docs://x/%EF%BC%8E%EF%BC%8E/secret",
          "docs://x/..\uff0fsecret",
          "docs://x/\u00adsecret",
          "docs://x/\ud800",
          "docs://x/\u2028",
          "docs://x/\u200bsecret",
          "file:///C|/secret",
          "docs://x/^",
          "docs://x/<a>"
        })
    void refused(String uri) {
      assertThat(UriSpelling.isPlain(uri)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "docs://x/handbook",
          "docs://a.b/..c/d..?e=.f",
          "docs://x/two%20words",
          "docs://x/J%C3%BCrgen",
          "docs://x/a%2Fb",
          "docs://x/k\u00e4se",
          "docs://x/\ud842\udfb7",
          "file:///C:/data/a.txt",
          "http://[::1]:8080/a?b=c&d=e#f",
          "urn:isbn:0451450523",
          "mailto:a@b.example",
          "docs://x/{name}",
          "docs://x/{+path}{?q,page*}",
          "npm:/@scope/a",
          "note://Title:%20more",
          ""
        })
    void taken(String uri) {
      assertThat(UriSpelling.isPlain(uri)).isTrue();
    }
  }

  @Nested
  @DisplayName("A star does not mean what could be what a more particular entry means")
  class Doubt {
    private final List<String> entries =
        List.of(
            "resource:docs://*",
            "resource:docs://secret",
            "resource:docs://x/secret/*",
            "resource:docs://x/Plan%20B.md",
            "resource:docs://x/J%C3%BCrgen",
            "resource:docs://q?kind=secret*",
            "resource:docs://p?*",
            "resource:docs://p",
            "resource:file://*",
            "resource:file:///data/secret/*",
            "resource:http://*",
            "resource:http://xn--bcher-kva.example/secret/*",
            "prompt:s*");

    private Optional<String> meaning(String uri) {
      var thing = new Thing(Thing.Kind.RESOURCE, uri);
      return entries.stream()
          .filter(thing::isMeantBy)
          .max((one, other) -> Integer.compare(one.length(), other.length()))
          .filter(star -> !thing.isInDoubt(star, Thing.Located.among(entries.stream())));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "docs://SECRET",
          "docs://secret/",
          "docs://secret//",
          "docs:///secret",
          "docs:secret",
          "docs://secret:",
          "docs://secret:8080",
          "docs://secret?",
          "docs://secret?a",
          "docs://secret#",
          "docs://secret;a=b",
          "docs://secret.",
          "docs://secret%20",
          "docs://sec%C2%ADret",
          "docs://sec%E2%80%8Bret",
          "docs://%EF%BD%93ecret",
          "docs://%C5%BFecret",
          "docs://x//secret/plan",
          "docs://x/Secret/plan",
          "docs://x:1/secret/plan",
          "docs://x%2fsecret/plan",
          "docs://x/secret%2Fplan",
          "docs://x/secret;v=1/plan",
          "docs://x/secret./plan",
          "docs://x/secret%20/plan",
          "docs://x/Plan+B.md",
          "docs://x/plan%20b.md",
          "docs://x/J\u00fcrgen",
          "docs://x/J%c3%bcrgen",
          "docs://x/Ju%CC%88rgen",
          "docs://\uff53ecret",
          "docs://q?a=b&kind=secret",
          "docs://q",
          "file://localhost/data/secret/plan",
          "file://elsewhere/data/secret/plan",
          "file:///DATA/secret/plan",
          "file:////data/secret/plan",
          "http://b\u00fccher.example/secret/plan",
          "http://B%C3%9Ccher.example:80/secret/plan"
        })
    void refused(String uri) {
      assertThat(meaning(uri)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
      "docs://x/handbook, resource:docs://*",
      "docs://secrets, resource:docs://*",
      "docs://x/secretary, resource:docs://*",
      "docs://x/secret, resource:docs://*",
      "docs://x/secret/plan, resource:docs://x/secret/*",
      "docs://x/secret/Plan, resource:docs://x/secret/*",
      "docs://p?page=2, resource:docs://p?*",
      "docs://Handbook?page=2, resource:docs://*",
      "file:///data/a.txt, resource:file://*",
      "file:///data/secret/a.txt, resource:file:///data/secret/*",
    })
    void taken(String uri, String entry) {
      assertThat(meaning(uri)).contains(entry);
    }

    @Test
    @DisplayName("names of prompts are no URIs")
    void prompts() {
      var prompt = new Thing(Thing.Kind.PROMPT, "s e%63ret");

      assertThat(prompt.isMeantBy("prompt:s*")).isTrue();
      assertThat(prompt.isInDoubt("prompt:s*", Thing.Located.among(Stream.of("resource:s*"))))
          .isFalse();
    }
  }
}
