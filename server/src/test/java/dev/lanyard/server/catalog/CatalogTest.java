package dev.lanyard.server.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibraryFiles;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("IDP-3: which connector, and which authorization server, is meant")
class CatalogTest {
  private static final Issuer RAS = new Issuer("https://ras.example");

  private AtomicReference<Library> library;
  private Catalog catalog;

  @BeforeEach
  void readLibrary(@TempDir Path folder) {
    library = new AtomicReference<>(new LibraryFiles(folder).read());
    catalog = new Catalog(library::get);
  }

  @Nested
  @DisplayName("audience MUST resolve to a registered issuer identifier")
  class Audience {
    @ParameterizedTest
    @ValueSource(strings = {"https://ras.example", "https://ras.example/"})
    void forgives_one_slash_and_answers_the_registered_form(String sent) {
      assertThat(catalog.authorizationServer(sent)).contains(RAS);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "",
          "/",
          "https://ras.example//",
          "https://ras.example/t1",
          "https://RAS.example",
          "https://ras.example:443",
          "http://ras.example",
          " https://ras.example",
          "https://linear.example/mcp",
          "urn:ras"
        })
    void knows_no_other_form_of_it(String sent) {
      assertThat(catalog.authorizationServer(sent)).isEmpty();
    }

    @Test
    void forgives_the_slash_after_a_path_too() {
      assertThat(catalog.authorizationServer("https://bank.example/as/"))
          .contains(new Issuer("https://bank.example/as"));
    }
  }

  @Test
  void finds_connectors_by_id_and_by_exact_resource() {
    var linear = catalog.byId("linear");
    assertThat(linear).map(Connector::name).contains("Linear");
    assertThat(catalog.byResource(new ResourceIndicator("https://linear.example/mcp")))
        .isEqualTo(linear);
    assertThat(catalog.byResource(new ResourceIndicator("https://linear.example/mcp/"))).isEmpty();
    assertThat(catalog.byId("Linear")).isEmpty();
  }

  @Test
  void follows_the_library() {
    library.set(Library.EMPTY);
    assertThat(catalog.all()).isEmpty();
    assertThat(catalog.authorizationServer("https://ras.example")).isEmpty();
    assertThat(catalog.byId("linear")).isEmpty();
  }
}
