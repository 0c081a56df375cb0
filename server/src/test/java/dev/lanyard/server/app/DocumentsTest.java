package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The documents")
class DocumentsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path DOCS = ROOT.resolve("docs");
  private static final Pattern LINK = Pattern.compile("]\\(([^)#\\s]+)(#[^)]*)?\\)");

  private static final String REQUIREMENT =
      "(?:META|KEY|IDP|RAS|DPOP|AC|TOK|REG|RS|CLI|DPR|SCIM|SSF|GTR|BCL|TSL|SEC|AUD|CHAIN|CONF|FWD|D)"
          + "-\\d+";

  private static List<Path> documents() throws IOException {
    try (var root = Files.list(ROOT);
        var docs = Files.walk(DOCS)) {
      return Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md")).toList();
    }
  }

  private static Stream<Path> links(Path document) throws IOException {
    return LINK.matcher(Files.readString(document))
        .results()
        .map(link -> link.group(1))
        .filter(link -> !link.contains("://") && !link.startsWith("mailto:"))
        .map(link -> document.resolveSibling(link).normalize());
  }

  @Test
  void link_only_to_what_is_there() throws IOException {
    for (var document : documents()) {
      assertThat(links(document)).as("links of " + document).allMatch(Files::exists);
    }
  }

  /// `-Dlanyard.write.docs=true` writes it anew.
  @Test
  void list_every_decision() throws IOException {
    var index = DOCS.resolve("decisions/README.md");
    var list = new StringBuilder();
    try (var pages = Files.list(index.getParent())) {
      for (var page : pages.filter(file -> !file.equals(index)).sorted().toList()) {
        var name = page.getFileName().toString();
        list.append("- [%d](%s) %s%n".formatted(number(name), name, title(page)));
      }
    }
    var introduction = Files.readString(index).split("\n- ", 2)[0].strip();
    if (Boolean.getBoolean("lanyard.write.docs")) {
      Files.writeString(index, introduction + "\n\n" + list);
    }
    assertThat(index).hasContent(introduction + "\n\n" + list);
  }

  private static int number(String name) {
    return Integer.parseInt(name.substring(0, 4));
  }

  private static String title(Path decision) throws IOException {
    var heading = Files.readString(decision).lines().findFirst().orElseThrow();
    return heading.replaceFirst("^# *(\\d+[.:]? *)?", "").strip();
  }

  @Test
  void are_all_in_the_index() throws IOException {
    var indexed = links(DOCS.resolve("README.md")).toList();
    try (var pages = Files.list(DOCS)) {
      assertThat(pages.filter(page -> page.toString().endsWith(".md")))
          .filteredOn(page -> !page.endsWith("README.md"))
          .isSubsetOf(indexed);
    }
  }

  @Test
  void explain_every_requirement_that_the_code_cites() throws IOException {
    var explained =
        Pattern.compile("^\\| (" + REQUIREMENT + ") \\|", Pattern.MULTILINE)
            .matcher(Files.readString(DOCS.resolve("requirements.md")))
            .results()
            .map(row -> row.group(1))
            .collect(Collectors.toSet());

    for (var module : List.of("protocol", "client", "resource-server", "suite", "server")) {
      try (var sources = Files.walk(ROOT.resolve(module).resolve("src/main"))) {
        for (var source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
          assertThat(cited(source)).as("requirements in " + source).isSubsetOf(explained);
        }
      }
    }
  }

  private static Set<String> cited(Path source) throws IOException {
    return Pattern.compile("\\b" + REQUIREMENT + "\\b")
        .matcher(Files.readString(source))
        .results()
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  @Test
  void name_every_command() throws IOException {
    var page = Files.readString(DOCS.resolve("commands.md"));

    assertThat(Main.commandLine(InputStream.nullInputStream()).getSubcommands())
        .allSatisfy((name, command) -> {
          if (!command.getCommandSpec().usageMessage().hidden() && !name.equals("help")) {
            assertThat(page).contains("`" + name + "`");
          }
        });
  }

  /// How the readers of files ask for a key.
  private static final Pattern ASKED =
      Pattern.compile(
          "\\.(?:text|integer|bool|duration|maps?|values?|texts|optional\\w+|has)\\(\\s*\"([a-z_]+)\"");

  @Test
  @DisplayName("name every key of the configuration and the clients files, or the templates do")
  void name_every_key() throws IOException {
    var server = ROOT.resolve("server/src/main");
    var said = new StringBuilder();
    for (var page : documents()) {
      if (!page.toString().contains("decisions")) {
        said.append(Files.readString(page));
      }
    }
    var folder = "dev/lanyard/server/app/command/installation/init";
    for (var template : files(server.resolve("resources").resolve(folder))) {
      said.append(Files.readString(template));
    }
    var words = Set.copyOf(List.of(said.toString().split("[^a-z_]+", -1)));
    var code = server.resolve("java/dev/lanyard/server");

    int found = 0;
    for (var room : List.of("app/configuration", "clients", "library")) {
      for (var reader : files(code.resolve(room))) {
        var text = Files.readString(reader);
        if (text.contains("YamlMap")) {
          for (var key : ASKED.matcher(text).results().map(one -> one.group(1)).toList()) {
            assertThat(words.contains(key)).as(key + " of " + reader).isTrue();
            found++;
          }
        }
      }
    }
    assertThat(found).isGreaterThan(250);
  }

  @Test
  @DisplayName("say of each place of a new installation that names this machine what belongs there")
  void name_every_place_of_this_machine() throws IOException {
    var page = Files.readString(DOCS.resolve("operate.md"));
    var place = Pattern.compile("(?m)^(?!\\s*#).*?([a-z_]+): .*(?:localhost|127\\.0\\.0\\.1)");
    var folder = "server/src/main/resources/dev/lanyard/server/app/command/installation/init";
    for (var name : List.of("lanyard", "connectors", "ras-clients")) {
      var template = Files.readString(ROOT.resolve(folder).resolve(name + ".yaml"));
      assertThat(place.matcher(template).results().map(one -> one.group(1)))
          .as(name)
          .isNotEmpty()
          .allSatisfy(key -> assertThat(page).containsPattern("\\|[^|]*\\b" + key + "`"));
    }
    assertThat(page).contains("`ids_at` in `clients/broker.yaml`");
  }

  @Test
  @DisplayName("show for each SAML provider the keys that `lanyard connect` writes")
  void recipes_of_saml_are_the_presets() throws IOException {
    var page = Files.readString(DOCS.resolve("saml.md"));
    var presets =
        ROOT.resolve("server/src/main/resources/dev/lanyard/server/app/command/connect")
            .resolve("saml-presets.yaml");
    var recipes = Map.of("entra", "Microsoft Entra ID", "okta", "Okta", "adfs", "ADFS");
    for (var recipe : recipes.entrySet()) {
      var written = Files.readString(presets).split("  saml-" + recipe.getKey() + ":\n", 2)[1];
      var preset = written.split("\n  saml-", 2)[0];
      var section = page.split("\n### " + recipe.getValue(), 2)[1].split("\n##", 2)[0];
      for (var key : List.of("name_id_format", "subject_attribute")) {
        var line = preset.lines().map(String::strip).filter(one -> one.startsWith(key + ":"));
        assertThat(line).isNotEmpty().allSatisfy(one -> assertThat(section).contains(one));
      }
    }
  }

  @Test
  @DisplayName("have each kind of alarm in one table, and no other")
  void name_every_alarm() throws IOException {
    var raised = new TreeSet<String>();
    for (var source : files(ROOT.resolve("server/src/main/java"))) {
      raised.addAll(alarms(Files.readString(source)));
    }
    var page = Files.readString(DOCS.resolve("metrics.md"));
    var table = page.split("\n## Alarms\n", 2)[1].split("\n## ", 2)[0];
    var rows = Pattern.compile("(?m)^\\|( `[a-z-]+`,?)+ \\|").matcher(table);
    var explained = rows.results().flatMap(row -> kinds(row.group())).toList();

    assertThat(explained).isSorted().containsExactlyInAnyOrderElementsOf(raised);
  }

  private static Stream<String> kinds(String cell) {
    return Pattern.compile("`([a-z-]+)`").matcher(cell).results().map(kind -> kind.group(1));
  }

  /// The kinds of alarms that a source raises: said at once, by a constant of its own, or, where it
  /// is a parameter, by all constants that are called like a kind.
  private static Set<String> alarms(String source) {
    var kinds = new TreeSet<String>();
    var raised = Pattern.compile("new Alarm\\(\\s*(\"[a-z-]+\"|\\w+)( \\+|,|\\()").matcher(source);
    while (raised.find()) {
      var kind = raised.group(1);
      if (kind.equals("alarm")) {
        // Followed by the state of the stream that is not "enabled".
        kinds.addAll(Set.of("stream-paused", "stream-disabled"));
      } else if (kind.startsWith("\"")) {
        kinds.add(kind.replace("\"", ""));
      } else {
        var name = kind.equals("kind") ? "(?:ALARM|FORK)" : kind;
        var constant = Pattern.compile("String " + name + " =\\s*\"([a-z-]+)\"").matcher(source);
        constant.results().forEach(one -> kinds.add(one.group(1)));
      }
    }
    return kinds;
  }

  private static List<Path> files(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).toList();
    }
  }
}
