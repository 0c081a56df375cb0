package dev.lanyard.spring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.GuardedRequest;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.resourceserver.mcp.McpFilter;
import dev.lanyard.resourceserver.servlet.ResourceServerFilter;
import dev.lanyard.resourceserver.status.FeedConfig;
import dev.lanyard.resourceserver.status.Introspection;
import dev.lanyard.resourceserver.status.StreamConfig;
import jakarta.servlet.Filter;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ApplicationContext;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

@DisplayName("The starter")
class LanyardAutoConfigurationTest {
  private static final AutoConfigurations OURS =
      AutoConfigurations.of(LanyardAutoConfiguration.class);
  private static final String P = "lanyard.resource-server.";

  private final WebApplicationContextRunner application =
      new WebApplicationContextRunner()
          .withConfiguration(OURS)
          .withPropertyValues(
              P + "resource=https://issues.example/mcp",
              P + "issuer=https://ras.example",
              P + "client-id=issues-server",
              P + "client-secret=secret",
              P + "scopes=issues.read,issues.write",
              P + "revocation=introspection");

  @Test
  void properties_become_a_guard() {
    application.run(context -> {
      var metadata = context.getBean(Guard.class).metadata();
      assertThat(metadata.resource().value()).isEqualTo("https://issues.example/mcp");
      assertThat(metadata.scopes().values()).containsExactly("issues.read", "issues.write");
      assertThat(context.getBean(TokenStatus.class)).isInstanceOf(Introspection.class);
      var registration = context.getBean("lanyardFilter", FilterRegistrationBean.class);
      assertThat(registration.getFilter()).isInstanceOf(ResourceServerFilter.class);
      assertThat(patterns(context))
          .isEqualTo(Set.of("/*", "/.well-known/oauth-protected-resource/mcp"));
    });
  }

  @Test
  @DisplayName("RS-1: the metadata is served whatever is guarded, and no paths means all")
  void paths() {
    application
        .withPropertyValues(P + "paths=/mcp,/api/*")
        .run(context ->
            assertThat(patterns(context))
                .isEqualTo(Set.of("/mcp", "/api/*", "/.well-known/oauth-protected-resource/mcp")));
    application
        .withPropertyValues(P + "paths=")
        .run(context -> assertThat(patterns(context)).contains("/*"));
  }

  private static Collection<String> patterns(ApplicationContext context) {
    FilterRegistrationBean<?> registration =
        context.getBean("lanyardFilter", FilterRegistrationBean.class);
    return registration.getUrlPatterns();
  }

  @Test
  @DisplayName("RS-21: named tools close all others")
  void tools() {
    application
        .withPropertyValues(P + "tools[0].name=list_issues", P + "tools[0].scopes=issues.read")
        .run(context ->
            assertThat(context.getBean("lanyardFilter", FilterRegistrationBean.class).getFilter())
                .isInstanceOf(McpFilter.class));
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "stream"})
  @DisplayName("Opaque tokens are taken where that is said, however it learns of revocations")
  void opaque_tokens(String revocation) {
    var far =
        application.withPropertyValues(
            P + "revocation=" + revocation,
            P + "issuer=https://127.0.0.1:1",
            P + "trust.loopback=true",
            P + "stale-after=5s");
    far.run(context ->
        assertThat(judged(context.getBean(Guard.class)))
            .as("not taken: nobody is asked")
            .isInstanceOf(Verdict.Refused.class));
    far.withPropertyValues(P + "opaque-tokens=true")
        .run(context ->
            assertThat(judged(context.getBean(Guard.class)))
                .isInstanceOfSatisfying(
                    Verdict.Unavailable.class,
                    unavailable -> assertThat(unavailable.why()).contains("introspection failed")));
  }

  @Test
  @DisplayName("With introspection opaque tokens are always taken")
  void opaque_tokens_asked_for() {
    application
        .withPropertyValues(P + "issuer=https://127.0.0.1:1", P + "trust.loopback=true")
        .run(context ->
            assertThat(judged(context.getBean(Guard.class)))
                .isInstanceOf(Verdict.Unavailable.class));
  }

  /// A call with a token without a dot.
  private static Verdict judged(Guard guard) {
    var request =
        new GuardedRequest(
            "POST",
            URI.create("https://issues.example/mcp"),
            Optional.empty(),
            List.of("Bearer without-a-dot"),
            List.of());
    return guard.judge(request, Requirement.VALID_TOKEN);
  }

  @Test
  @DisplayName("DPR-1: each way to learn of revocations has the bound that is usual for it")
  void stale_after() {
    application.run(context -> {
      var configuration = context.getBean(LanyardAutoConfiguration.class);
      assertThat(configuration.feed().staleAfter()).isEqualTo(FeedConfig.DEFAULT_STALE_AFTER);
      assertThat(configuration.stream().staleAfter()).isEqualTo(StreamConfig.DEFAULT_STALE_AFTER);
    });
    application
        .withPropertyValues(
            P + "revocation=stream",
            P + "issuer=https://127.0.0.1:1",
            P + "stale-after=700ms",
            P + "trust.loopback=true")
        .run(context ->
            assertThat(context.getBean(LanyardAutoConfiguration.class).stream().staleAfter())
                .hasMillis(700));
  }

  @Test
  @DisplayName("A bound for what is asked at every call says nothing, and stops the start")
  void stale_after_with_introspection() {
    application
        .withPropertyValues(P + "stale-after=5s")
        .run(context ->
            assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContaining("lanyard.resource-server.stale-after says nothing"));
  }

  @Test
  @DisplayName("RS-9: tokens that are bound to a key, and no others, where that is said")
  void dpop() {
    application
        .withPropertyValues(P + "dpop-algorithms=ES256")
        .run(context ->
            assertThat(context.getBean(Guard.class).metadata().dpopRequired()).isFalse());
    application
        .withPropertyValues(P + "dpop-algorithms=ES256", P + "dpop-required=true")
        .run(
            context -> assertThat(context.getBean(Guard.class).metadata().dpopRequired()).isTrue());
    application
        .withPropertyValues(P + "dpop-required=true")
        .run(context ->
            assertThat(context.getStartupFailure())
                .rootCause()
                .hasMessageContaining(P + "dpop-algorithms must be set"));
  }

  @Test
  @DisplayName("RS-23: what a proxy makes of paths is said, and must lead to the resource")
  void proxy() {
    application
        .withPropertyValues(P + "proxy.public-path=/mcp", P + "proxy.internal-path=/app")
        .run(context -> {
          var filter = context.getBean("lanyardFilter", FilterRegistrationBean.class).getFilter();
          assertThat(answer(filter, "/app")).isEqualTo(401);
          assertThat(answer(filter, "/mcp")).isEqualTo(400);
        });
    application
        .withPropertyValues(P + "proxy.internal-path=/app", P + "paths=/app/mcp")
        .run(context ->
            assertThat(patterns(context))
                .as("where the metadata may arrive")
                .contains(
                    "/.well-known/oauth-protected-resource/mcp",
                    "/app/.well-known/oauth-protected-resource/mcp"));
    for (var tool : List.of("", "list_issues")) {
      application
          .withPropertyValues(P + "proxy.public-path=/other")
          .withPropertyValues(tool.isEmpty() ? P + "scopes=x" : P + "tools[0].name=" + tool)
          .run(context ->
              assertThat(context.getStartupFailure())
                  .rootCause()
                  .hasMessageContaining("/other does not lead to the resource"));
    }
  }

  private static int answer(Filter filter, String path) throws Exception {
    var response = new MockHttpServletResponse();
    filter.doFilter(new MockHttpServletRequest("POST", path), response, new MockFilterChain());
    return response.getStatus();
  }

  @Test
  void what_the_application_has_itself_comes_first() {
    TokenStatus own = TokenStatus.trustedUntilExpiry();
    application
        .withBean(TokenStatus.class, () -> own)
        .run(context -> assertThat(context.getBean(TokenStatus.class)).isSameAs(own));
  }

  @Test
  @DisplayName("Defaults deny: a property that must be there and is not stops the start")
  void missing() {
    for (var name : List.of("resource", "issuer", "client-id", "client-secret")) {
      application
          .withPropertyValues(P + name + "=")
          .run(context ->
              assertThat(context.getStartupFailure())
                  .rootCause()
                  .hasMessageContaining(P + name + " must be set"));
    }
  }

  @Test
  void nothing_happens_where_it_is_switched_off_or_nothing_is_served() {
    application
        .withPropertyValues(P + "enabled=false")
        .run(context -> assertThat(context).doesNotHaveBean(Guard.class));
    new ApplicationContextRunner()
        .withConfiguration(OURS)
        .run(context -> assertThat(context).doesNotHaveBean(Guard.class));
  }

  @Test
  @DisplayName("An editor is told of every property, and of none that there is not")
  void metadata() throws Exception {
    var names = new ArrayList<String>();
    try (var file =
        LanyardProperties.class.getResourceAsStream(
            "/META-INF/spring-configuration-metadata.json")) {
      for (var property :
          JsonObject.parse(file.readAllBytes()).objects("properties").orElseThrow()) {
        names.add(property.nonEmptyString("name"));
        assertThat(property.nonEmptyString("description")).endsWith(".");
      }
    }
    var expected = new ArrayList<>(List.of(P + "enabled"));
    for (var component : LanyardProperties.class.getRecordComponents()) {
      var name = P + kebab(component.getName());
      if (component.getType().isRecord()) {
        for (var part : component.getType().getRecordComponents()) {
          expected.add(name + "." + kebab(part.getName()));
        }
      } else {
        expected.add(name);
      }
    }
    assertThat(names).containsExactlyInAnyOrderElementsOf(expected);
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
