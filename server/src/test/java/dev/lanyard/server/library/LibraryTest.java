package dev.lanyard.server.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.yaml.FaultyFileException;
import dev.lanyard.server.yaml.Reload;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("POL-1: one registry of approved access, in files")
class LibraryTest {
  private LibraryFiles files;

  @BeforeEach
  void writeGoodFiles(@TempDir Path folder) {
    files = new LibraryFiles(folder);
  }

  private List<String> faults() {
    var exception = catchThrowableOfType(FaultyFileException.class, files::read);
    assertThat(exception).as("the library was read").isNotNull();
    return exception.faults().stream()
        .map(fault -> fault.file().getFileName() + ":" + fault.line() + ": " + fault.message())
        .toList();
  }

  private void spoil(String file, String good, String bad) {
    var text = file.equals("roles.yaml") ? LibraryFiles.ROLES : LibraryFiles.CONNECTORS;
    assertThat(text).contains(good);
    files.write(file, text.replaceFirst(Pattern.quote(good), bad));
  }

  @Nested
  @DisplayName("What the files say is read as it is written")
  class Reading {
    @Test
    void reads_connectors_in_the_order_of_their_ids() {
      var library = files.read();
      assertThat(library.connectors())
          .extracting(Connector::id)
          .containsExactly("ledger", "linear", "wiki");
      assertThat(library.connectors().get(1))
          .isEqualTo(
              new Connector(
                  "linear",
                  "Linear",
                  "project management",
                  new Issuer("https://ras.example"),
                  new ResourceIndicator("https://linear.example/mcp"),
                  Scopes.of("issues.read", "issues.write"),
                  Tools.NONE));
    }

    @Test
    void reads_roles_with_their_restriction_to_clients() {
      assertThat(files.read().roles().get(1))
          .isEqualTo(
              new Role(
                  "support",
                  Optional.empty(),
                  Set.of("support"),
                  Optional.empty(),
                  Set.of(new ClientId("claude-code")),
                  List.of(),
                  Map.of("linear", Given.of("issues.read"))));
    }

    @Test
    void merges_files_and_gives_the_content_a_name() {
      var before = files.read();
      files.write(
          "more.yml", "roles: {sales: {groups: [sales], connectors: {wiki: [pages.read]}}}");
      var after = files.read();
      assertThat(after.roles()).extracting(Role::name).contains("sales", "support");
      assertThat(after.version()).isNotEqualTo(before.version()).hasSize(64);
    }

    @Test
    void the_name_of_the_content_is_always_the_same() {
      assertThat(files.read().version()).isEqualTo(files.read().version());
    }

    @Test
    void leaves_out_hidden_files_and_files_of_other_kinds() {
      files.write(".roles.yaml.swp.yaml", "rubbish: [").write("README.md", "rubbish: [");
      assertThat(files.read().roles()).hasSize(2);
    }
  }

  @Nested
  @DisplayName("Every fault is told with file, line and remedy")
  class Faults {
    @ParameterizedTest(name = "{1}: {2}")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '`',
        textBlock =
            """
            roles.yaml | groups: [support] | gruops: [support] | roles.yaml:6: unknown key 'roles.support.gruops'
            roles.yaml | groups: [support] | gruops: [support] | 'groups' is missing; list the groups
            roles.yaml | groups: [support] | groups: [] | roles.yaml:6: the list 'groups' is empty
            roles.yaml | groups: [support] | groups: {a: b} | roles.yaml:6: 'roles.support.groups' needs a list of texts
            roles.yaml | clients: [claude-code] | clients: [] | roles.yaml:7: the list 'clients' is empty
            roles.yaml | clients: [claude-code] | clients: [a, a] | 'a' is in the list twice; remove one
            roles.yaml | clients: [claude-code] | clients: ["é"] | roles.yaml:7: 'roles.support.clients': not a client id
            roles.yaml | connectors: {linear: [issues.read]} | connectors: {liner: [issues.read]} | roles.yaml:8: there is no connector 'liner'; did you mean 'linear'?
            roles.yaml | connectors: {linear: [issues.read]} | connectors: {x: [issues.read]} | there is no connector 'x'; use one of: ledger, linear, wiki
            roles.yaml | connectors: {linear: [issues.read]} | connectors: {linear: [issues.reed]} | connector 'linear' has no scope 'issues.reed'; did you mean 'issues.read'?
            roles.yaml | connectors: {linear: [issues.read]} | connectors: {linear: []} | no scope of 'linear' is given; use some of: issues.read issues.write
            roles.yaml | connectors: {linear: [issues.read]} | conectors: {linear: [issues.read]} | 'connectors' is missing; name the connectors
            roles.yaml | roles: | rolls: | roles.yaml:1: unknown key 'rolls'
            roles.yaml | support: | engineering: | roles.yaml:5: 'engineering' appears twice
            roles.yaml | support: | "sup port": | 'sup port' is no name for a role; use 1 to 64 letters
            connectors.yaml | name: Linear | nmae: Linear | connectors.yaml:3: unknown key 'connectors.linear.nmae'
            connectors.yaml | name: Linear | nmae: Linear | 'name' is missing; give it a name for people
            connectors.yaml | name: Linear | name: [a] | connectors.yaml:3: 'connectors.linear.name' needs a text
            connectors.yaml | https://ras.example | ras.example | the issuer is not an http(s) URL
            connectors.yaml | https://ras.example | https://ras.example/ | differ only in a slash at the end
            connectors.yaml | resource: https://wiki.example/mcp | resource: https://linear.example/mcp | connector 'linear' has this resource too
            connectors.yaml | resource: https://wiki.example/mcp | resource: https://wiki.example/mcp#a | the resource needs a host and neither fragment
            connectors.yaml | resource: https://wiki.example/mcp | category: x | 'resource' is missing; copy 'resource' of the server's
            connectors.yaml | authorization_server: https://bank.example/as | category: x | 'authorization_server' is missing; write 'issuer'
            connectors.yaml | scopes: [pages.read] | category: x | 'scopes' is missing; list the scopes that the server knows, or write []
            connectors.yaml | scopes: [pages.read] | scopes: ['a b'] | not a scope: 'a b'
            connectors.yaml | scopes: [pages.read] | scopes: [a, a] | 'a' is in the list twice
            connectors.yaml | connectors: | connectors: [a] # | connectors.yaml
            """)
    void names_what_is_wrong_and_what_to_do(String file, String good, String bad, String told) {
      spoil(file, good, bad);
      assertThat(faults()).anySatisfy(fault -> assertThat(fault).contains(told));
    }

    @Test
    void a_name_in_two_files_belongs_to_neither() {
      files.write(
          "zz.yaml",
          "connectors: {wiki: {name: W, authorization_server: https://a.example, resource: https://w.example, scopes: []}}");
      assertThat(faults())
          .singleElement()
          .asString()
          .contains("zz.yaml:1: connector 'wiki' is also at", "connectors.yaml:8");
    }

    @Test
    void tells_the_faults_of_all_files_at_once_in_their_order() {
      spoil("connectors.yaml", "name: Wiki", "nam: Wiki");
      spoil("roles.yaml", "groups: [support]", "groups: []");
      assertThat(faults())
          .hasSize(3)
          .isSortedAccordingTo((a, b) -> a.split(":")[0].compareTo(b.split(":")[0]));
    }

    @Test
    void text_that_is_no_yaml_is_told_once() {
      files.write("roles.yaml", "roles: [");
      assertThat(faults())
          .singleElement()
          .asString()
          .contains("roles.yaml:1: not well-formed YAML");
    }

    @Test
    void a_folder_that_is_not_there_is_a_fault() {
      var missing = files.folder().resolve("missing");
      assertThat(catchThrowableOfType(FaultyFileException.class, () -> Library.read(missing)))
          .hasMessageContaining("cannot be read (NoSuchFileException)");
    }
  }

  @Nested
  @DisplayName("A broken change leaves the old library in force and says so")
  class Reloads {
    @Test
    void takes_over_a_change_when_it_has_settled() {
      var library = Library.watch(files.folder());
      var old = library.current();
      files.write("roles.yaml", "roles: {}");
      assertThat(library.poll()).isInstanceOf(Reload.Unchanged.class);
      assertThat(library.current()).isSameAs(old);
      assertThat(library.poll()).isEqualTo(new Reload.Loaded(library.current().version()));
      assertThat(library.current().roles()).isEmpty();
      assertThat(library.poll()).isInstanceOf(Reload.Unchanged.class);
    }

    @Test
    void keeps_the_old_one_and_tells_the_faults_once() {
      var library = Library.watch(files.folder());
      var old = library.current();
      files.write("roles.yaml", "rolls: {}");
      library.poll();
      assertThat(library.poll())
          .isInstanceOfSatisfying(
              Reload.Refused.class, refused -> assertThat(refused.faults()).hasSize(1));
      assertThat(library.poll()).isInstanceOf(Reload.Unchanged.class);
      assertThat(library.current()).isSameAs(old);
    }

    @Test
    void recovers_when_the_fault_is_mended() {
      var library = Library.watch(files.folder());
      files.write("roles.yaml", "rolls: {}");
      library.poll();
      library.poll();
      files.write("roles.yaml", LibraryFiles.ROLES);
      library.poll();
      assertThat(library.poll()).isInstanceOf(Reload.Loaded.class);
    }
  }
}
