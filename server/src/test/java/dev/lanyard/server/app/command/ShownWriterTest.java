package dev.lanyard.server.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("What commands print does not steer the terminal, whatever somebody calls himself")
class ShownWriterTest {
  @ParameterizedTest
  @CsvSource({
    "a\u001b[31mred, a\\u001b[31mred",
    "a\u009b31mred, a\\u009b31mred",
    "a\u007fb, a\\u007fb",
    "\u202eevil\u202c, \\u202eevil\\u202c",
    "\u2066x\u2069, \\u2066x\\u2069",
    "Zoë שלום 🙂, Zoë שלום 🙂",
    "two\twords, two\twords"
  })
  void is_written_as_json_escapes_it(String text, String shown) {
    var out = new StringWriter();
    var printer = new PrintWriter(new ShownWriter(out));
    printer.print(text);
    text.chars().forEach(printer::write);
    printer.print(text.toCharArray());
    printer.flush();
    assertThat(out).hasToString(shown.repeat(3));
  }
}
