package dev.lanyard.demo;

import java.io.Console;
import java.io.PrintWriter;
import java.util.List;

/// Narrates on a terminal, in colour where there is one.
final class TerminalNarrator implements Narrator {
  private final PrintWriter out;
  private final boolean colour;
  private final boolean pause;
  private int step;

  /// @param pause wait for Enter before each step
  TerminalNarrator(PrintWriter out, boolean colour, boolean pause) {
    this.out = out;
    this.colour = colour;
    this.pause = pause;
  }

  @Override
  public void opening(String text) {
    out.println(bold(text));
    out.flush();
  }

  @Override
  public void step(String title, String explanation) {
    if (pause) {
      waitForReader();
    }
    out.println();
    out.println(bold(++step + ". " + title));
    out.println(indent(explanation));
    out.flush();
  }

  @Override
  public void exhibit(Exhibit exhibit) {
    out.println();
    out.println("   " + paint("36", exhibit.caption()));
    out.println(paint("2", exhibit.value().toPrettyJson().indent(5).stripTrailing()));
    out.flush();
  }

  @Override
  public void outcome(Outcome outcome, String sentence) {
    var mark =
        switch (outcome) {
          case ALLOWED -> paint("32", "✔ allowed  ");
          case REFUSED -> paint("31", "✘ refused  ");
          case SHOWN -> paint("34", "• ");
        };
    if (outcome != Outcome.SHOWN) {
      out.println();
    }
    out.println("   " + mark + sentence);
    out.flush();
  }

  @Override
  public void closing(String text, List<String> commands) {
    out.println();
    out.println(bold(text));
    commands.forEach(command -> out.println("   " + command));
    out.flush();
  }

  private void waitForReader() {
    var console = System.console();
    if (console != null) {
      prompt(console);
    }
  }

  private static void prompt(Console console) {
    console.printf("%n   [Enter]");
    console.readLine();
  }

  private String bold(String text) {
    return paint("1", text);
  }

  private String paint(String code, String text) {
    return colour ? "\u001B[" + code + "m" + text + "\u001B[0m" : text;
  }

  private static String indent(String text) {
    return text.indent(3).stripTrailing();
  }
}
