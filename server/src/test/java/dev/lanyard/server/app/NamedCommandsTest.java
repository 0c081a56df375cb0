package dev.lanyard.server.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.diagnosis.Bytecode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Model.CommandSpec;

@DisplayName("Whatever command a page or a text of ours names is there, with its options")
class NamedCommandsTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /// With the character before it, which says how far it goes.
  private static final Pattern NAMED =
      Pattern.compile("(?<!--[a-z-]{1,20})(^|[^\\w./=-])(?:\\.{1,2}/)?lanyard ([a-z-].*)");

  /// A line that is one command, perhaps with what comes before it in a shell.
  private static final Pattern SHELL = Pattern.compile("\\s*(\\$ |.*(&&|\\|) )?");

  private static final Pattern WORD = Pattern.compile("[a-z][a-z-]*");

  /// What many would notice: such a command wants the name once more.
  private static final Set<String> OF_MANY =
      Set.of("--client", "--ras-client", "--connector", "--issuer", "--organisation");

  private static final String CONFIRMED = "--yes-i-mean";

  private static final CommandSpec PROGRAM =
      Main.commandLine(InputStream.nullInputStream()).getCommandSpec();

  /// Of another module, and the one whose arguments go to Maven.
  private static final Set<String> OF_OTHERS = Set.of("demo", "test");

  private int found;

  @Test
  void in_the_pages() throws IOException {
    try (var root = Files.list(ROOT);
        var docs = Files.walk(ROOT.resolve("docs"))) {
      assertThat(faults(Stream.concat(root, docs).filter(file -> file.toString().endsWith(".md"))))
          .isEmpty();
    }
    assertThat(found).isGreaterThan(300);
  }

  @Test
  @DisplayName("In the templates of pages, and in the files that the product reads or writes")
  void in_templates_and_resources() throws IOException {
    try (var files = Files.walk(ROOT.resolve("server/src/main"))) {
      assertThat(
              faults(
                  files.filter(
                      file -> file.toString().matches(".*\\.(jte|yaml|json|js|html|txt)$"))))
          .isEmpty();
    }
    assertThat(found).isGreaterThan(50);
  }

  private Map<String, List<String>> faults(Stream<Path> files) throws IOException {
    var faults = new TreeMap<String, List<String>>();
    for (var file : files.toList()) {
      var wrong = faults(Files.readAllLines(file));
      if (!wrong.isEmpty()) {
        faults.put(ROOT.relativize(file).toString(), wrong);
      }
    }
    return faults;
  }

  @Test
  @DisplayName("In what the program says: texts in code, and the help")
  void in_texts() {
    var texts = new HashSet<>(Bytecode.ofTheProduct().texts());
    addHelp(PROGRAM, texts);

    assertThat(faults(texts.stream().flatMap(String::lines).toList())).isEmpty();
    assertThat(found).isGreaterThan(50);
  }

  private static void addHelp(CommandSpec command, Set<String> texts) {
    texts.addAll(List.of(command.usageMessage().description()));
    command.args().forEach(argument -> texts.addAll(List.of(argument.description())));
    command.subcommands().values().forEach(line -> addHelp(line.getCommandSpec(), texts));
  }

  private List<String> faults(List<String> lines) {
    var faults = new ArrayList<String>();
    for (var line : lines) {
      var named = NAMED.matcher(line);
      for (int at = 0; named.find(at); at = named.start(2)) {
        fault(line, named.start(1), named.group(1), named.group(2))
            .map(why -> why + " in: " + line.strip())
            .forEach(faults::add);
      }
    }
    return faults;
  }

  private Stream<String> fault(String line, int begin, String before, String rest) {
    if (before.equals("`") || before.equals("'")) {
      return fault(rest.split(before, 2)[0], true);
    }
    if (SHELL.matcher(line.substring(0, begin + before.length())).matches()) {
      return fault(rest.split(" {2,}(?!-)| #|\\) | [>&]", 2)[0], !rest.endsWith("."));
    }
    return fault(rest.split("[`'\";()|]|, |\\. |: ", 2)[0], false);
  }

  /// An option without its value is only spoken of.
  ///
  /// @param exact whether all of it is the command; otherwise words of a sentence may follow
  private Stream<String> fault(String text, boolean exact) {
    var command = PROGRAM;
    var option = "";
    boolean many = false;
    for (var token : text.strip().split("[\\s\\[\\]()…,]+")) {
      if (token.matches("-{1,2}[a-zA-Z].*")) {
        option = token.split("=", 2)[0].replaceAll("[^a-zA-Z0-9-]+$", "");
        if (!command.optionsMap().containsKey(option)) {
          return Stream.of("no option " + option + " of " + command.qualifiedName());
        }
        many |= option.equals("--everything");
      } else if (!option.isEmpty()) {
        many |= OF_MANY.contains(option);
      } else if (OF_OTHERS.contains(token)) {
        return Stream.empty();
      } else if (command.subcommands().containsKey(token)) {
        command = command.subcommands().get(token).getCommandSpec();
      } else if (command.subcommands().isEmpty()) {
        many |= exact;
      } else if (exact && WORD.matcher(token).matches()) {
        return Stream.of("no command " + token + " of " + command.qualifiedName());
      } else {
        return Stream.empty();
      }
    }
    found++;
    return many && command.optionsMap().containsKey(CONFIRMED) && !text.contains(CONFIRMED)
        ? Stream.of("no " + CONFIRMED + " of " + command.qualifiedName())
        : Stream.empty();
  }
}
