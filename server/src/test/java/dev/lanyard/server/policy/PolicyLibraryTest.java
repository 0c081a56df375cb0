package dev.lanyard.server.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.claims.AuthenticationContext;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.ErrorCode;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibraryFiles;
import dev.lanyard.server.policy.Decision.Deny;
import dev.lanyard.server.policy.Decision.Permit;
import dev.lanyard.server.policy.Explanation.MissingRole;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("ID-JAG draft-04 §4.3.3 and RFC 8707 §2: what policy permits")
class PolicyLibraryTest {
  private static final Issuer RAS = new Issuer("https://ras.example");
  private static final Issuer BANK = new Issuer("https://bank.example/as");
  private static final String LINEAR = "https://linear.example/mcp";
  private static final String WIKI = "https://wiki.example/mcp";
  private static final String LEDGER = "https://ledger.example/mcp";

  private LibraryFiles files;
  private PolicyLibrary policy;

  @BeforeEach
  void compile(@TempDir Path folder) {
    files = new LibraryFiles(folder);
    policy = PolicyLibrary.compile(files.read());
  }

  private static AccessRequest engineer(Issuer audience, String scopes, String... resources) {
    return request(Set.of("engineering"), "claude-code", audience, scopes, resources);
  }

  private static AccessRequest request(
      Set<String> groups, String client, Issuer audience, String scopes, String... resources) {
    return new AccessRequest(
        Member.of(groups),
        new ClientId(client),
        audience,
        Stream.of(resources).map(ResourceIndicator::new).toList(),
        scopes.isEmpty() ? Scopes.NONE : Scopes.of(scopes.split(" ")),
        AuthenticationContext.UNKNOWN,
        Instant.EPOCH);
  }

  private Permit permitted(AccessRequest request) {
    var decision = policy.decide(request);
    assertThat(decision).isInstanceOf(Permit.class);
    return (Permit) decision;
  }

  private void denied(AccessRequest request, DenyReason reason, ErrorCode told) {
    var decision = policy.decide(request);
    assertThat(decision)
        .isInstanceOfSatisfying(
            Deny.class,
            deny -> {
              assertThat(deny.reason()).isEqualTo(reason);
              assertThat(deny.reason().error()).isEqualTo(told);
              assertThat(deny.evidence().text("decision")).contains("\"deny\"");
              assertThat(deny.evidence().text("reason")).contains("\"" + reason.code() + "\"");
              assertThat(deny.evidence().text("detail")).isPresent();
            });
  }

  @Nested
  @DisplayName("IDP-17: policy is evaluated on every exchange; deny by default")
  class DenyByDefault {
    @Test
    void permits_what_a_role_gives() {
      var permit = permitted(engineer(RAS, "issues.read", LINEAR));
      assertThat(permit.audience()).isEqualTo(RAS);
      assertThat(permit.connectors()).containsExactly("linear");
      assertThat(permit.resources()).containsExactly(new ResourceIndicator(LINEAR));
      assertThat(permit.scopes()).isEqualTo(Scopes.of("issues.read"));
      assertThat(permit.narrowed()).isFalse();
    }

    @Test
    void refuses_what_no_role_gives() {
      denied(
          engineer(BANK, "", LEDGER),
          new DenyReason.NoRole(List.of("ledger")),
          ErrorCode.INVALID_TARGET);
    }

    @Test
    void refuses_a_person_without_groups() {
      denied(
          request(Set.of(), "claude-code", RAS, "", LINEAR),
          new DenyReason.NoRole(List.of("linear")),
          ErrorCode.INVALID_TARGET);
    }

    @Test
    void compares_groups_exactly() {
      denied(
          request(Set.of("Engineering"), "claude-code", RAS, "", LINEAR),
          new DenyReason.NoRole(List.of("linear")),
          ErrorCode.INVALID_TARGET);
    }

    @Test
    void an_empty_library_allows_nothing() {
      policy = PolicyLibrary.compile(Library.EMPTY);
      denied(
          engineer(RAS, "", LINEAR), new DenyReason.UnknownAudience(RAS), ErrorCode.INVALID_TARGET);
    }
  }

  @Nested
  @DisplayName("IDP-4: an unknown audience or resource is an error, never a fallback")
  class Unknown {
    @Test
    void refuses_an_audience_that_differs_in_a_slash() {
      var other = new Issuer("https://ras.example/");
      denied(
          engineer(other, "", LINEAR),
          new DenyReason.UnknownAudience(other),
          ErrorCode.INVALID_TARGET);
    }

    @Test
    void refuses_a_resource_that_differs_in_a_slash() {
      var other = new ResourceIndicator(LINEAR + "/");
      denied(
          engineer(RAS, "", LINEAR + "/"),
          new DenyReason.NotGoverned(RAS, other),
          ErrorCode.INVALID_TARGET);
    }
  }

  @Nested
  @DisplayName("IDP-7: a resource that the audience does not govern is refused")
  class CrossPairing {
    @Test
    void refuses_the_resource_of_another_audience_though_the_role_gives_it() {
      files.write(
          "auditor.yaml",
          "roles: {auditor: {groups: [engineering], connectors: {ledger: [entries.read]}}}");
      policy = PolicyLibrary.compile(files.read());
      assertThat(policy.decide(engineer(BANK, "", LEDGER))).isInstanceOf(Permit.class);
      denied(
          engineer(RAS, "", LEDGER),
          new DenyReason.NotGoverned(RAS, new ResourceIndicator(LEDGER)),
          ErrorCode.INVALID_TARGET);
    }

    @Test
    void one_foreign_resource_refuses_all() {
      denied(
          engineer(RAS, "", LINEAR, LEDGER),
          new DenyReason.NotGoverned(RAS, new ResourceIndicator(LEDGER)),
          ErrorCode.INVALID_TARGET);
    }
  }

  @Nested
  @DisplayName("IDP-6: resource may repeat; policy may narrow")
  class Resources {
    @Test
    void grants_those_that_are_permitted() {
      var permit = permitted(request(Set.of("support"), "claude-code", RAS, "", LINEAR, WIKI));
      assertThat(permit.connectors()).containsExactly("linear");
      assertThat(permit.narrowed()).isTrue();
    }

    @Test
    void a_repeated_resource_is_one() {
      var permit = permitted(engineer(RAS, "", LINEAR, LINEAR));
      assertThat(permit.resources()).hasSize(1);
      assertThat(permit.narrowed()).isFalse();
    }

    @Test
    void a_resource_without_a_granted_scope_is_left_out() {
      var permit = permitted(engineer(RAS, "pages.read", LINEAR, WIKI));
      assertThat(permit.connectors()).containsExactly("wiki");
      assertThat(permit.narrowed()).isTrue();
    }

    @Test
    void a_scope_that_two_resources_share_is_granted_only_where_both_allow_it() {
      files.write(
          "twins.yaml",
          """
          connectors:
            a: {name: A, authorization_server: https://twins.example, resource: https://a.example, scopes: [read, write]}
            b: {name: B, authorization_server: https://twins.example, resource: https://b.example, scopes: [read, write]}
          roles:
            twin: {groups: [engineering], connectors: {a: [read, write], b: [read]}}
          """);
      policy = PolicyLibrary.compile(files.read());
      var twins = new Issuer("https://twins.example");
      assertThat(permitted(engineer(twins, "", "https://a.example", "https://b.example")).scopes())
          .isEqualTo(Scopes.of("read"));
      assertThat(permitted(engineer(twins, "", "https://a.example")).scopes())
          .isEqualTo(Scopes.of("read", "write"));
      denied(
          engineer(twins, "write", "https://a.example", "https://b.example"),
          new DenyReason.NoScopeLeft(Scopes.of("write"), Scopes.of("read", "write")),
          ErrorCode.INVALID_SCOPE);
    }
  }

  @Nested
  @DisplayName("D-2: resource is required, unless there is nothing to choose")
  class ResourceRequired {
    @Test
    void refuses_without_resource_where_the_audience_governs_several() {
      denied(
          engineer(RAS, ""),
          new DenyReason.ResourceRequired(RAS, List.of("linear", "wiki")),
          ErrorCode.INVALID_TARGET);
    }

    @Test
    void takes_the_only_one() {
      files.write(
          "auditor.yaml",
          "roles: {auditor: {groups: [engineering], connectors: {ledger: [entries.read]}}}");
      policy = PolicyLibrary.compile(files.read());
      var permit = permitted(engineer(BANK, ""));
      assertThat(permit.resources()).containsExactly(new ResourceIndicator(LEDGER));
      assertThat(permit.narrowed()).isFalse();
    }
  }

  @Nested
  @DisplayName("IDP-8: policy narrows scope; nothing left is invalid_scope")
  class ScopeNarrowing {
    @Test
    void grants_everything_allowed_when_none_is_asked() {
      var permit = permitted(engineer(RAS, "", LINEAR));
      assertThat(permit.scopes()).isEqualTo(Scopes.of("issues.read", "issues.write"));
      assertThat(permit.narrowed()).isFalse();
    }

    @Test
    void grants_what_is_asked_and_allowed() {
      var permit =
          permitted(
              request(Set.of("support"), "claude-code", RAS, "issues.write issues.read", LINEAR));
      assertThat(permit.scopes()).isEqualTo(Scopes.of("issues.read"));
      assertThat(permit.narrowed()).isTrue();
    }

    @Test
    void refuses_when_nothing_is_left() {
      denied(
          request(Set.of("support"), "claude-code", RAS, "issues.write", LINEAR),
          new DenyReason.NoScopeLeft(Scopes.of("issues.write"), Scopes.of("issues.read")),
          ErrorCode.INVALID_SCOPE);
    }

    @Test
    void adds_up_the_scopes_of_several_roles() {
      files.write(
          "writer.yaml",
          "roles: {writer: {groups: [writers], connectors: {linear: [issues.write]}}}");
      policy = PolicyLibrary.compile(files.read());
      var permit = permitted(request(Set.of("support", "writers"), "claude-code", RAS, "", LINEAR));
      assertThat(permit.scopes()).isEqualTo(Scopes.of("issues.read", "issues.write"));
      assertThat(permit.rules()).extracting(Rule::name).containsExactly("support", "writer");
    }

    @Test
    void a_connector_without_scopes_is_granted_without_scopes() {
      files.write(
          "plain.yaml",
          """
          connectors:
            plain: {name: Plain, authorization_server: https://plain.example, resource: https://p.example, scopes: []}
          roles:
            plain: {groups: [engineering], connectors: {plain: []}}
          """);
      policy = PolicyLibrary.compile(files.read());
      var plain = new Issuer("https://plain.example");
      assertThat(permitted(engineer(plain, "")).scopes()).isEqualTo(Scopes.NONE);
      denied(
          engineer(plain, "admin"),
          new DenyReason.NoScopeLeft(Scopes.of("admin"), Scopes.NONE),
          ErrorCode.INVALID_SCOPE);
    }
  }

  @Nested
  @DisplayName("POL-1: access is approved for a client")
  class Clients {
    @Test
    void refuses_a_client_that_the_role_is_not_for_and_says_which_role() {
      var request = request(Set.of("support"), "vscode", RAS, "", LINEAR);
      denied(request, new DenyReason.ClientNotAllowed(List.of("linear")), ErrorCode.INVALID_TARGET);
      assertThat(policy.decide(request).rules())
          .containsExactly(
              new Rule(
                  Rule.Kind.ROLE,
                  "support",
                  List.of("support"),
                  "linear",
                  Scopes.of("issues.read"),
                  Rule.Effect.OTHER_CLIENTS_ONLY,
                  List.of()));
    }

    @Test
    void a_role_without_clients_is_for_all() {
      assertThat(policy.decide(request(Set.of("engineering"), "anything", RAS, "", LINEAR)))
          .isInstanceOf(Permit.class);
    }
  }

  @Nested
  @DisplayName("POL-3: every decision is explained by the rules that took part")
  class Explained {
    @Test
    void names_the_groups_through_which_a_role_was_had() {
      var permit = permitted(request(Set.of("platform", "engineering", "x"), "c", RAS, "", LINEAR));
      assertThat(permit.rules())
          .containsExactly(
              new Rule(
                  Rule.Kind.ROLE,
                  "engineering",
                  List.of("engineering", "platform"),
                  "linear",
                  Scopes.of("issues.read", "issues.write"),
                  Rule.Effect.APPLIED,
                  List.of()));
      assertThat(permit.policyVersion()).isEqualTo(policy.version());
    }

    @Test
    void the_evidence_tells_the_whole_story() {
      var evidence =
          policy
              .decide(request(Set.of("support"), "claude-code", RAS, "issues.read x", LINEAR))
              .evidence();
      assertThat(evidence.toJson())
          .isEqualTo(
              """
              {"decision":"narrow","policy_version":"%s","connectors":["linear"],\
              "granted_scope":"issues.read","rules":[{"role":"support","groups":["support"],\
              "connector":"linear","scope":"issues.read","effect":"applied"}]}\
              """
                  .formatted(policy.version()));
    }

    @Test
    void says_which_roles_would_give_what_is_missing() {
      var explanation = policy.explain(request(Set.of("sales"), "claude-code", RAS, "", WIKI));
      assertThat(explanation.decision()).isInstanceOf(Deny.class);
      assertThat(explanation.wouldGive())
          .containsExactly(
              new MissingRole("engineering", Set.of("engineering", "platform"), "wiki"));
    }

    @Test
    void has_no_advice_for_a_target_that_does_not_exist() {
      assertThat(policy.explain(engineer(RAS, "", LEDGER)).wouldGive()).isEmpty();
    }
  }

  @Test
  void the_policy_follows_the_library() {
    var library = new AtomicReference<>(files.read());
    var followed = new Policy(library::get);
    assertThat(followed.decide(engineer(RAS, "", LINEAR))).isInstanceOf(Permit.class);
    library.set(Library.EMPTY);
    assertThat(followed.decide(engineer(RAS, "", LINEAR))).isInstanceOf(Deny.class);
    assertThat(followed.explain(engineer(RAS, "", LINEAR)).decision().policyVersion())
        .isEqualTo("empty");
  }
}
