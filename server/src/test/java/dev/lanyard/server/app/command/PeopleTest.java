package dev.lanyard.server.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.ConfigurationFile;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("DPR-1: whom an administrator means, also when others have been given their address")
class PeopleTest {
  private Configuration configuration;
  private Database database;
  private Directory directory;
  private Person ana;
  private Person eve;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    var installed = Installed.in(folder.resolve("set-up"));
    configuration = ConfigurationFile.read(installed.configuration(), Map.of());
    database = Database.open(configuration.database(), Clock.systemUTC());
    directory = Directory.open(database, Clock.systemUTC());
    ana = person("ana@example.com", "ana@example.com");
    eve = person("eve", "Ana@Example.com");
  }

  @AfterEach
  void stop() {
    database.close();
  }

  private Person person(String userName, String address) {
    return person(configuration.broker().orElseThrow().config().organisation(), userName, address);
  }

  private Person person(String organisation, String userName, String address) {
    var made =
        directory.create(
            new NewPerson(organisation, userName, Optional.of(address), userName, Set.of()));
    assertThat(made).isInstanceOf(Linking.Created.class);
    return directory.findByUserName(organisation, userName).orElseThrow();
  }

  private Person found(String named) {
    return People.find(directory, named, Optional.empty());
  }

  @Test
  @DisplayName(
      "of one with this name and another with it as an address none is; their ids are told")
  void none_of_a_name_and_an_address() {
    assertThat(found("eve")).isEqualTo(eve);
    var mallory = person("mallory", "eve");
    for (var named :
        Map.of("ana@example.com", List.of(ana, eve), "eve", List.of(eve, mallory)).entrySet()) {
      assertThatThrownBy(() -> found(named.getKey()))
          .isInstanceOf(CommandFailure.class)
          .hasMessageContaining(named.getValue().getFirst().id().value())
          .hasMessageContaining(named.getValue().getLast().id().value());
    }
    assertThat(found(ana.id().value())).isEqualTo(ana);
  }

  @Test
  void is_the_one_of_this_address_if_nobody_is_called_so() {
    var bo = person("bo", "bo@example.com");
    assertThat(found("bo@example.com")).isEqualTo(bo);
  }

  @Test
  @DisplayName("of one with this name and one of another organisation with this address none is")
  void none_of_two_organisations() {
    var bo = person("bo", "bo@example.com");
    var other = person("customer", "bo@example.com", "bo@customer.example");
    assertThatThrownBy(() -> found("bo@example.com"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(bo.id().value())
        .hasMessageContaining(other.id().value());
    assertThat(found("bo@customer.example")).isEqualTo(other);
    assertThat(found("bo")).isEqualTo(bo);
  }

  @Test
  @DisplayName("is found whosever they are, although no configuration names the organisation")
  void of_an_enrolled_organisation() {
    var mallory = person("evil", "mallory", "mallory@evil.example");
    assertThat(found("Mallory")).isEqualTo(mallory);
    assertThat(found("mallory@EVIL.example")).isEqualTo(mallory);
    assertThat(found(mallory.id().value())).isEqualTo(mallory);
  }

  @Test
  @DisplayName("of two organisations with one name each none is, unless the organisation is said")
  void of_two_organisations_with_one_name() {
    var zoe = person("zoe", "zoe@example.com");
    var other = person("evil", "zoe", "zoe@evil.example");
    assertThatThrownBy(() -> found("zoe"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining(zoe.id() + " of " + zoe.organisation())
        .hasMessageContaining(other.id() + " of evil");
    assertThat(People.find(directory, "zoe", Optional.of("evil"))).isEqualTo(other);
    assertThat(People.find(directory, "zoe", Optional.of(zoe.organisation()))).isEqualTo(zoe);
    assertThatThrownBy(() -> People.find(directory, "zoe", Optional.of("acme")))
        .hasMessageContaining("nobody is called");
  }

  @Test
  @DisplayName("of several with one address none is guessed; their ids are told")
  void none_of_several() {
    var one = person("one", "shared@example.com");
    var two = person("two", "shared@example.com");
    assertThatThrownBy(() -> found("shared@example.com"))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("more than one person")
        .hasMessageContaining(one.id().value())
        .hasMessageContaining(two.id().value());
    assertThatThrownBy(() -> found("nobody")).isInstanceOf(CommandFailure.class);
  }
}
