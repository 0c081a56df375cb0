package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.LibraryCheck;
import dev.lanyard.server.library.LibraryFinding;
import dev.lanyard.server.library.LibrarySource;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

@DisplayName("RS-4: a scope that stands for narrower ones, as the role library says")
class ImpliedScopesTest {
  private static final Instant NOW = Instant.parse("2026-11-23T12:00:00Z");
  private static final String LIBRARY =
      """
      connectors:
        files:
          name: Files
          authorization_server: https://files.example/as
          resource: https://files.example/mcp
          scopes: [admin, read, write, admin.more]
          scopes_imply:
            admin: [read, write]
            admin.more: [admin]
          tools:
            list: {grade: internal, scopes: [read]}
            copy: {grade: internal, scopes: [read, write]}
            empty: {grade: internal, scopes: [admin]}
            keys: {grade: restricted, scopes: [read]}
      roles:
        admin: {owner: A, groups: [admins], clearance: internal, connectors: {files: [admin]}}
        reader: {owner: A, groups: [readers], clearance: internal, connectors: {files: [read]}}
        writer: {owner: A, groups: [writers], clearance: internal, connectors: {files: [write]}}
        more: {owner: A, groups: [more], clearance: internal, connectors: {files: [admin.more]}}
      """;
  private static final String SEPARATED =
      LIBRARY
          + """
          separation_of_duty:
            four-eyes: {owner: A, reason: R, never_together: {files: [read, write]}}
          """;

  private static LibrarySource source(String library) {
    return new LibrarySource(Path.of("l"), new TreeMap<>(Map.of("a.yaml", library)));
  }

  private static PolicyLibrary policy(String library) {
    return PolicyLibrary.compile(source(library).read());
  }

  private static boolean may(String library, String tool, String... groups) {
    return decided(library, tool, groups) instanceof ToolDecision.Allowed;
  }

  private static ToolDecision decided(String library, String tool, String... groups) {
    return policy(library)
        .decideTool(
            new ToolRequest(
                Member.of(Set.of(groups)),
                new ClientId("desk"),
                "files",
                tool,
                AuthenticationContext.UNKNOWN,
                NOW));
  }

  private static Decision exchanged(String library, String... groups) {
    return policy(library)
        .decide(
            new AccessRequest(
                Member.of(Set.of(groups)),
                new ClientId("desk"),
                new Issuer("https://files.example/as"),
                List.of(new ResourceIndicator("https://files.example/mcp")),
                Scopes.NONE,
                AuthenticationContext.UNKNOWN,
                NOW));
  }

  @Test
  void counts_for_the_tools_that_need_the_narrower_ones() {
    assertThat(may(LIBRARY, "list", "admins")).isTrue();
    assertThat(may(LIBRARY, "copy", "admins")).isTrue();
    assertThat(may(LIBRARY, "empty", "admins")).isTrue();
    assertThat(may(LIBRARY.replace("admin: [read, write]", "admin: []"), "list", "admins"))
        .isFalse();
  }

  @Test
  void and_in_no_other_direction_nor_at_second_hand_nor_for_a_clearance() {
    assertThat(may(LIBRARY, "empty", "readers", "writers")).isFalse();
    assertThat(may(LIBRARY, "list", "more")).as("looked up once").isFalse();
    assertThat(may(LIBRARY, "list", "writers")).isFalse();
    assertThat(decided(LIBRARY, "keys", "admins").evidence().toJson()).contains("above-clearance");
  }

  @Test
  void two_roles_together_do_not_give_what_neither_may() {
    assertThat(may(LIBRARY, "copy", "readers", "writers")).isFalse();
  }

  @Test
  void what_is_given_at_an_exchange_is_named_as_the_role_names_it() {
    assertThat(exchanged(LIBRARY, "admins").evidence().toJson())
        .contains("\"granted_scope\":\"admin\"");
  }

  @Nested
  @DisplayName("A separation of duties holds what a scope stands for against whoever has it")
  class Separated {
    @Test
    void whoever_has_both_by_one_scope_has_neither_and_not_that_scope() {
      assertThat(may(SEPARATED, "list", "admins")).isFalse();
      assertThat(may(SEPARATED, "copy", "admins")).isFalse();
      assertThat(exchanged(SEPARATED, "admins").evidence().toJson()).contains("separation-of-duty");
    }

    @Test
    void nor_what_else_that_scope_stands_for() {
      var open =
          LIBRARY
              .replace("scopes: [admin, read,", "scopes: [extra, admin, read,")
              .replace("admin: [read, write]", "admin: [read, write, extra]")
              .replace("scopes: [admin]}", "scopes: [extra]}");
      assertThat(may(open, "empty", "admins", "more")).isTrue();
      var separated = open + SEPARATED.substring(LIBRARY.length());
      assertThat(decided(separated, "empty", "admins", "more").evidence().toJson())
          .contains("scope-missing");
    }

    @Test
    void whoever_has_one_part_has_it() {
      assertThat(may(SEPARATED, "list", "readers")).isTrue();
      assertThat(may(SEPARATED, "list", "readers", "writers")).isFalse();
    }

    @Test
    void the_check_of_the_library_finds_the_role() {
      assertThat(LibraryCheck.of(source(SEPARATED), Optional.empty(), NOW))
          .extracting(LibraryFinding::reason)
          .anyMatch(reason ->
              reason.contains("role 'admin' alone gives all that separation 'four-eyes'"));
    }
  }
}
