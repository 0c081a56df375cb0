package dev.lanyard.server.ras.match;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.protocol.json.MalformedException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Exports of identity providers")
class PeopleExportTest {
  @Test
  @DisplayName("RFC 4180: quotes, commas, quotes in quotes, lines in fields, both line ends")
  void of_spreadsheets() throws MalformedException {
    var people =
        PeopleExport.read(
            "\uFEFFId,Name,E-Mail\r\n"
                + "00u1,\"Doe, \"\"Ana\"\"\n"
                + "Maria\",ana@acme.example\r\n\r\n"
                + "00u2,Bob,\r\n");
    assertThat(people)
        .containsExactly(
            new ExportedPerson(
                2,
                "00u1",
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("ana@acme.example")),
            new ExportedPerson(
                5, "00u2", Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  @Test
  @DisplayName("RAS-10: a NameID with the members that the file has columns for")
  void with_name_ids() throws MalformedException {
    var people = PeopleExport.read("sub,NameID,name_qualifier,issuer\na,ana,,x\nb,,q,x\n");
    assertThat(people.getFirst().nameId())
        .contains(new ExportedNameId("ana", Map.of("name_qualifier", "")));
    assertThat(people.getLast().nameId()).isEmpty();
  }

  @Test
  void with_semicolons() throws MalformedException {
    assertThat(PeopleExport.read("sub;email\na;a@x.example").getFirst().email())
        .contains("a@x.example");
  }

  @Test
  void with_one_json_object_a_line() throws MalformedException {
    var people =
        PeopleExport.read(
            "{\"sub\":\"a\",\"active\":true}\n\n{\"id\":\"b\",\"mail\":\"b@x.example\"}\n");
    assertThat(people).extracting(ExportedPerson::line).containsExactly(1, 3);
    assertThat(people.getLast().email()).contains("b@x.example");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "name,email\nx,y",
        "sub\n\"a",
        "sub\n\"a\"b",
        "{\"email\":\"x\"}",
        "{\"sub\":1}",
        "sub,email\n,x"
      })
  void that_cannot_be_read_say_where(String text) {
    assertThatThrownBy(() -> PeopleExport.read(text)).isInstanceOf(MalformedException.class);
  }

  @Test
  void show_nobody_in_logs() throws MalformedException {
    assertThat(PeopleExport.read("sub\nsecret").toString()).doesNotContain("secret");
  }
}
