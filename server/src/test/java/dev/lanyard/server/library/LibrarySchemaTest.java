package dev.lanyard.server.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.lanyard.server.library.LibraryFixtures.Spoiled;
import dev.lanyard.server.yaml.FaultyFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("POL-1: the published schema and the reader agree")
class LibrarySchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(LibrarySchema.text(), InputFormat.JSON);

  private static List<String> bySchema(String text) {
    return SCHEMA.validate(text.isEmpty() ? "{}" : text, InputFormat.YAML).stream()
        .map(Object::toString)
        .toList();
  }

  private static LibrarySource source(String text) {
    return new LibrarySource(Path.of("library"), new TreeMap<>(java.util.Map.of("a.yaml", text)));
  }

  static List<String> good() {
    return LibraryFixtures.good();
  }

  static Stream<String> templates() {
    return LibraryTemplate.files(LibraryTemplate.ROLES).values().stream();
  }

  static Stream<Spoiled> wrongByItself() {
    return LibraryFixtures.wrongByItself();
  }

  static Stream<Spoiled> wrongTogether() {
    return LibraryFixtures.wrongTogether();
  }

  @ParameterizedTest
  @MethodSource("good")
  void both_take_what_is_good(String text) {
    assertThat(source(text).read()).isNotNull();
    assertThat(bySchema(text)).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("templates")
  void the_schema_takes_the_templates(String text) {
    assertThat(bySchema(text)).isEmpty();
    assertThat(text).startsWith("# yaml-language-server: $schema=" + LibrarySchema.FILE);
  }

  @ParameterizedTest
  @MethodSource("wrongByItself")
  void both_refuse_what_is_wrong_by_itself(Spoiled spoiled) {
    assertThat(faults(spoiled)).contains(spoiled.told());
    assertThat(bySchema(spoiled.text())).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("wrongTogether")
  void the_reader_refuses_what_is_wrong_together(Spoiled spoiled) {
    assertThat(faults(spoiled)).contains(spoiled.told());
    assertThat(bySchema(spoiled.text())).isEmpty();
  }

  private static String faults(Spoiled spoiled) {
    var refused =
        catchThrowableOfType(FaultyFileException.class, () -> source(spoiled.text()).read());
    assertThat(refused).as("the reader took it").isNotNull();
    assertThat(refused.faults()).allSatisfy(fault -> assertThat(fault.line()).isPositive());
    return refused.getMessage();
  }

  @Test
  void the_good_library_says_all_that_a_library_can_say() {
    var library = source(LibraryFixtures.GOOD).read();
    assertThat(library.dataClasses().names()).containsExactly("open", "secret");
    var ledger = library.connectors().getFirst();
    assertThat(ledger.tools().find("list").orElseThrow().grade())
        .map(DataClass::name)
        .contains("open");
    assertThat(ledger.tools().find("new").orElseThrow().grade()).isEmpty();
    assertThat(ledger.tools().find("newer").orElseThrow().grade()).isEmpty();
    assertThat(ledger.tools().review()).map(Review::by).contains("Ana Ruiz");
    assertThat(library.roles()).extracting(Role::name).containsExactly("clerk", "reader");
    assertThat(library.exemptions().getFirst().until()).hasToString("2027-04-01T00:00:00Z");
    assertThat(library.clients()).hasSize(2);
    assertThat(library.separations()).hasSize(1);
  }
}
