package dev.lanyard.server.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.policy.DenyReason;
import dev.lanyard.server.policy.ToolRefusal;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("AUD-3: every refusal in the code has words for the administrator")
class ChecksTest {
  /// How the requirements are numbered, and how a section of an RFC stands where there is none.
  private static final Predicate<String> REQUIREMENT =
      Pattern.compile("[A-Z]{1,5}-P?\\d{1,2}|RFC \\d+ §[0-9.]+").asMatchPredicate();

  /// Other things that are written in the same way.
  private static final Predicate<String> SOMETHING_ELSE =
      Pattern.compile("UTF-\\d+|SHA-\\d").asMatchPredicate();

  /// Such as `person.disabled`, or the part of it that is fixed.
  private static final Predicate<String> EVENT =
      Pattern.compile("\\u0001?[a-z-]*\\.[a-z-]*\\u0001?").asMatchPredicate();

  private static final Bytecode PRODUCT = Bytecode.ofTheProduct();
  private static final Checks CHECKS = Checks.builtIn();

  private static Set<String> requirementsInCode() {
    return PRODUCT.texts().stream()
        .filter(REQUIREMENT)
        .filter(SOMETHING_ELSE.negate())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void every_requirement_that_a_refusal_names_is_in_the_table_and_no_other() {
    assertThat(CHECKS.requirements().keySet())
        .containsExactlyInAnyOrderElementsOf(requirementsInCode());
  }

  @Test
  void every_check_of_the_table_is_one_of_the_code() {
    var texts = PRODUCT.texts();
    assertThat(CHECKS.requirements().values())
        .allSatisfy(one -> assertThat(texts).containsAll(one.checks().keySet()));
  }

  @ParameterizedTest
  @ValueSource(classes = {DenyReason.class, ToolRefusal.class})
  @DisplayName("Every reason of the role library, all sealed: what is added must be explained")
  void every_reason_of_the_library(Class<?> sealed) {
    assertThat(sealed.getPermittedSubclasses()).isNotEmpty();
    for (var reason : sealed.getPermittedSubclasses()) {
      assertThat(PRODUCT.texts(reason, "code"))
          .as(reason.getSimpleName())
          .allSatisfy(code -> assertThat(CHECKS.reason(code)).as(code).isPresent());
    }
    assertThat(CHECKS.reason("step-up")).isPresent();
  }

  @Test
  @DisplayName("Whatever records a refusal or failure by itself has an entry for its type of event")
  void every_other_refusal() {
    // Who names no type of event writes what others have named.
    var recorders =
        PRODUCT.readers(Outcome.class, "REFUSED", "FAULT").stream()
            .filter(one -> Bytecode.texts(one).anyMatch(EVENT))
            .toList();
    assertThat(recorders).hasSizeGreaterThan(5);
    assertThat(recorders)
        .allSatisfy(one ->
            assertThat(Bytecode.texts(one).flatMap(ChecksTest::asEvent))
                .as(one.thisClass().asInternalName())
                .anySatisfy(type -> assertThat(CHECKS.event(type)).isPresent()));
  }

  /// The type itself, or what is put before or behind something to make one.
  private static Stream<String> asEvent(String text) {
    // Concatenation puts \1 where something is to be filled in.
    var type = text.replace('\u0001', 'x');
    return Stream.of(
        type, type.startsWith(".") ? "x" + type : type, type.endsWith(".") ? type + "x" : type);
  }

  @Test
  @DisplayName("AUD-4: nothing of a request is put into what is said, so nothing can leak by it")
  void texts_are_fixed() {
    assertThat(CHECKS.all())
        .allSatisfy(one -> {
          assertThat(one.says()).endsWith(".").doesNotContain("%s", "{", "$");
          assertThat(one.remedy()).endsWith(".").doesNotContain("%s", "{", "$");
        });
  }

  @Test
  @DisplayName("Whatever key or member a remedy names is one that the code knows")
  void keys_exist() {
    var texts = PRODUCT.texts();
    var quoted = Pattern.compile("`([a-z_.]+)`");
    assertThat(CHECKS.all())
        .allSatisfy(one -> {
          var matcher = quoted.matcher(one.says() + " " + one.remedy());
          while (matcher.find()) {
            var name = matcher.group(1);
            assertThat(texts.contains(name.substring(name.lastIndexOf('.') + 1)))
                .as(name + " in: " + one.remedy())
                .isTrue();
          }
        });
  }
}
