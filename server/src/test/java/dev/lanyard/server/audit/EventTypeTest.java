package dev.lanyard.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.revocation.Denied;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("AUD-1: the catalogue of events")
class EventTypeTest {
  private static final Path SOURCES = Path.of("src/main/java/dev/lanyard/server");
  private static final Path PAGE = Path.of("../docs/events.md");

  /// Where an event gets its type from a text.
  private static final Pattern TYPED =
      Pattern.compile(
          "(?:AuditEvent\\.of\\(|new AuditEvent\\(|Journal\\.Subject\\(|String event\\(\\)"
              + " \\{\\s*return|String (?:EVENT|REFUSED|[A-Z_]*EVENT[A-Z_]*)"
              + " =|change\\.record\\()\\s*\"([a-z][a-z_.-]*)\"");

  private static final Pattern TEXT = Pattern.compile("\"([a-z][a-z_.-]*)\"");
  private static final Pattern FOLLOWED = Pattern.compile("upkeep\\.watch\\(\"([a-z]+)\"");

  @Test
  @DisplayName("No event is recorded in the sources that is not in the catalogue")
  void call_sites() throws IOException {
    var unknown = new TreeSet<String>();
    var seen = new TreeSet<String>();
    try (var files = Files.walk(SOURCES)) {
      for (var file : files.filter(one -> one.toString().endsWith(".java")).toList()) {
        var matcher = TYPED.matcher(Files.readString(file));
        while (matcher.find()) {
          seen.add(matcher.group(1));
          if (EventType.named(matcher.group(1)).isEmpty()) {
            unknown.add(matcher.group(1));
          }
        }
      }
    }
    assertThat(seen).contains("sign-in", "token.redeem", "reconciliation", "userinfo");
    assertThat(unknown).isEmpty();
  }

  @Test
  @DisplayName("Every entry of the catalogue is written somewhere in the sources")
  void writers() throws IOException {
    var written = EnumSet.noneOf(EventType.class);
    for (var type : types()) {
      EventType.named(type).ifPresent(written::add);
    }
    assertThat(written).containsExactlyInAnyOrder(EventType.values());
  }

  /// Every text of the sources outside the catalogue that can be a type, or the beginning of one,
  /// and those that are put together.
  private static Set<String> types() throws IOException {
    var types = new TreeSet<String>();
    try (var files = Files.walk(SOURCES)) {
      for (var file :
          files
              .filter(one -> one.toString().endsWith(".java"))
              .filter(one -> !one.endsWith("EventType.java"))
              .toList()) {
        var source = Files.readString(file);
        TEXT.matcher(source).results().forEach(found -> types.add(found.group(1)));
        // Upkeep puts ".loaded" or ".refused" behind it.
        FOLLOWED.matcher(source).results().forEach(found -> types.add(found.group(1) + ".loaded"));
      }
    }
    // Settlement puts the kind of what was ended before its state.
    for (var kind : Denied.Kind.values()) {
      for (var state : List.of("revoked", "disabled", "enabled")) {
        types.add(kind.name().toLowerCase(Locale.ROOT) + "." + state);
      }
    }
    return types;
  }

  @Test
  @DisplayName("A type is what it is called, rather than one of a family")
  void named() {
    assertThat(EventType.named("token.redeem")).contains(EventType.TOKEN_REDEEM);
    assertThat(EventType.named("client.disabled").map(EventType::eventClass))
        .contains(EventClass.SWITCH);
    assertThat(EventType.named("client.revoked").map(EventType::eventClass))
        .contains(EventClass.KILL);
    assertThat(EventType.named("token.revoked").map(EventType::eventClass))
        .contains(EventClass.KILL);
    assertThat(EventType.named("gateway.call")).contains(EventType.GATEWAY_CALL);
    assertThat(EventType.named("client.register").map(EventType::eventClass))
        .contains(EventClass.ADMINISTRATION);
    assertThat(EventType.named("person.groups")).contains(EventType.PERSON);
    assertThat(EventType.named("nonsense")).isEmpty();
    assertThat(EventType.named("nonsense")).as("again").isEmpty();
  }

  @Test
  @DisplayName("Every name stands once, and every class is named")
  void unique() {
    assertThat(Arrays.stream(EventType.values()).map(EventType::value)).doesNotHaveDuplicates();
    for (var its : EventClass.values()) {
      assertThat(EventClass.named(its.value())).isEqualTo(its);
      assertThat(Arrays.stream(EventType.values()).map(EventType::eventClass)).contains(its);
    }
    assertThatThrownBy(() -> EventClass.named("nonsense"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  @DisplayName("docs/events.md is generated from it")
  void page() throws IOException {
    if (Boolean.getBoolean("lanyard.write.docs")) {
      Files.writeString(PAGE, document());
    }
    assertThat(PAGE).content().isEqualTo(document());
  }

  static String document() {
    var classes =
        Arrays.stream(EventClass.values())
            .map(its ->
                "## %s\n\n| Type | | Evidence |\n|---|---|---|\n%s"
                    .formatted(its.value(), rows(its)))
            .collect(Collectors.joining("\n"));
    return """
    # Events

    Generated from `EventType` by `EventTypeTest`; that test fails when this page and the catalogue differ. Write it anew with
    `./mvnw -Pquick -pl server -am test -Dtest=EventTypeTest -Dsurefire.failIfNoSpecifiedTests=false -Dlanyard.write.docs=true`.

    What is in the audit record, by class; how long each class is kept is configured (`audit.retention`). A type that ends with `*` stands for
    all that begin like it. Of every refusal the evidence is `check`, `expected`, `actual` and `requirement`, and `error` as the caller
    was told. The members are those of a success; not each of them is always there.

    """
        + classes;
  }

  private static String rows(EventClass its) {
    return Arrays.stream(EventType.values())
        .filter(type -> type.eventClass() == its)
        .map(type ->
            "| `%s` | %s | %s |\n"
                .formatted(
                    type.value(),
                    type.meaning(),
                    Arrays.stream(type.evidence().split(", "))
                        .filter(name -> !name.isEmpty())
                        .map(name -> "`" + name + "`")
                        .collect(Collectors.joining(", "))))
        .collect(Collectors.joining());
  }
}
