package dev.lanyard.server.tracing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.tracing.Step.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Issue 8.3: what happens in a request, step by step (W3C Trace Context)")
class SpanTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SPAN = "b7ad6b7169203331";
  private static final Instant NOW = Instant.parse("2026-11-29T12:00:00Z");

  private final List<Step> steps = new ArrayList<>();
  private final Tracer tracer = new Tracer(1, steps::add, () -> NOW);

  @Test
  @DisplayName("A step belongs to the one around it, the request to its caller's")
  void nested() {
    var answer =
        tracer.request(
            () -> Optional.of("00-" + TRACE + "-" + SPAN + "-00"),
            () -> "POST /token",
            () -> Span.of("outer", Kind.INTERNAL, () -> Span.of("inner", Kind.CLIENT, () -> 7)));

    assertThat(answer).isEqualTo(7);
    assertThat(steps).extracting(Step::name).containsExactly("inner", "outer", "POST /token");
    assertThat(steps).extracting(Step::trace).containsOnly(TRACE);
    assertThat(steps.getLast().parent()).contains(SPAN);
    assertThat(steps.get(1).parent()).contains(steps.getLast().span());
    assertThat(steps.getFirst().parent()).contains(steps.get(1).span());
    assertThat(steps).extracting(Step::span).doesNotHaveDuplicates().doesNotContain(SPAN);
    assertThat(steps).extracting(Step::begin).containsOnly(NOW);
  }

  @Test
  @DisplayName("What is handed to another thread belongs to the step that hands it over")
  void carried() throws Exception {
    Runnable inner =
        () -> {
          var _ = Span.of("inner", Kind.CLIENT, () -> 7);
        };
    var other =
        tracer.request(
            Optional::empty,
            () -> "GET /",
            () -> Thread.ofVirtual().unstarted(Span.carried(inner)));
    other.start();
    other.join();
    Span.carried(inner).run();

    assertThat(steps).extracting(Step::name).containsExactly("GET /", "inner");
    assertThat(steps.getLast().parent()).contains(steps.getFirst().span());
    assertThat(steps.getLast().trace()).isEqualTo(steps.getFirst().trace());
  }

  @Test
  @DisplayName("Whoever is called is told the step that calls")
  void told() {
    var headers =
        tracer.request(
            Optional::empty, () -> "GET /", () -> Span.of("call", Kind.CLIENT, Span::headers));

    var said = TraceParent.parse(headers.getOrDefault("traceparent", "")).orElseThrow();
    assertThat(said).isEqualTo(new TraceParent(steps.getFirst().trace(), steps.getFirst().span()));
    assertThat(headers.getOrDefault("traceparent", "")).startsWith("00-").endsWith("-01");
  }

  @Test
  @DisplayName("A fault shows in every step that it passes, and is still thrown")
  void faults() {
    assertThatThrownBy(() ->
            tracer.request(
                Optional::empty,
                () -> "GET /",
                () ->
                    Span.of(
                        "breaks",
                        Kind.INTERNAL,
                        () -> {
                          throw new IllegalStateException("broken");
                        })))
        .hasMessage("broken");
    assertThat(steps).hasSize(2).allMatch(Step::failed);
  }

  @Test
  @DisplayName("What is said belongs to the step that is under way")
  void attributes() {
    tracer.request(
        Optional::empty,
        () -> "GET /",
        () -> {
          Span.tell("a", "1");
          Span.of(
              "step",
              Kind.INTERNAL,
              () -> {
                Span.tell("b", "2");
                return 0;
              });
          return 0;
        });

    assertThat(steps)
        .extracting(Step::attributes)
        .containsExactly(Map.of("b", "2"), Map.of("a", "1"));
    assertThat(steps).noneMatch(Step::failed);
  }

  @Test
  @DisplayName("Off: nothing is recorded, told or changed; also outside of any request")
  void off() {
    Tracer.OFF.request(
        () -> Optional.of("00-" + TRACE + "-" + SPAN + "-01"),
        () -> {
          throw new AssertionError("nobody asks for the name");
        },
        () -> {
          Span.tell("a", "1");
          assertThat(Span.headers()).isEmpty();
          return 0;
        });
    Span.of("alone", Kind.INTERNAL, () -> 0);

    assertThat(steps).isEmpty();
  }

  @Test
  @DisplayName("Of a share of requests every step is recorded, of the others none")
  void share() {
    var some = new Tracer(0.5, steps::add, () -> NOW);
    for (int i = 0; i < 400; i++) {
      // The caller's flag forces nothing.
      some.request(
          () -> Optional.of("00-" + TRACE + "-" + SPAN + "-01"),
          () -> "GET /",
          () -> Span.of("step", Kind.INTERNAL, () -> 0));
    }
    // Not within the bounds once in 10^22 runs.
    assertThat(steps.size() / 2).isBetween(100, 300);
    assertThat(steps.size() % 2).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-" + TRACE + "-" + SPAN,
        "00-" + TRACE + "-" + SPAN + "-0",
        "00-" + TRACE + "-" + SPAN + "-01-more",
        "00-00000000000000000000000000000000-" + SPAN + "-01",
        "00-" + TRACE + "-0000000000000000-01",
        "ff-" + TRACE + "-" + SPAN + "-01",
        "00-0AF7651916CD43DD8448EB211C80319C-" + SPAN + "-01",
        "00-" + TRACE + "-" + SPAN + "-01\nX: y"
      })
  @DisplayName("What is no traceparent counts as none")
  void malformed(String header) {
    assertThat(TraceParent.parse(header)).isEmpty();
  }

  @Test
  @DisplayName("A later version may say more")
  void later_version() {
    assertThat(TraceParent.parse("01-" + TRACE + "-" + SPAN + "-01-more"))
        .contains(new TraceParent(TRACE, SPAN));
  }
}
