package dev.lanyard.server.app.command.governance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.app.Installed;
import dev.lanyard.server.app.Installed.Ran;
import dev.lanyard.server.governance.Quarter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("lanyard forecast, review, contract and value, as an administrator types them")
class PlanningCommandsTest {
  private static final Quarter NOW = Quarter.of(Instant.now());

  @TempDir private Path folder;
  private Installed installed;

  @BeforeEach
  void install() throws IOException {
    installed = Installed.in(folder.resolve("set-up"));
  }

  private Ran here(String command, String... more) {
    return installed.here(command, more);
  }

  private Path beside(String name) {
    return installed.configuration().resolveSibling(name);
  }

  @Nested
  class Forecasting {
    private Ran said(String... more) {
      var all =
          new ArrayList<>(
              List.of("set", "salesforce", "--as", "ana", "-m", "announced", "--evidence", "call"));
      all.addAll(List.of(more));
      return here("forecast", all.toArray(String[]::new));
    }

    @Test
    void is_said_listed_shown_and_scored() throws Exception {
      var said = said("--in", NOW.next() + "=20%", "--in", NOW.next().next() + "=0.3");
      assertThat(said.exit()).as(said.err()).isZero();
      assertThat(said.out()).contains("salesforce: " + NOW.next() + " 20%", "says ana");

      assertThat(here("forecast", "list").out()).contains("salesforce", "announced", "call");
      var shown = here("forecast", "show", "--quarters", "2");
      assertThat(shown.exit()).as(shown.err()).isZero();
      assertThat(shown.out()).contains(NOW.toString(), NOW.next().toString());
      var json = JsonObject.parse(here("forecast", "show", "--json").out());
      assertThat(json.objects("quarters").orElseThrow()).hasSize(4);
      assertThat(here("forecast", "score").out()).contains("ana", "0 judged");
    }

    @Test
    void what_does_not_add_up_or_does_not_exist_is_refused_and_nothing_kept() throws IOException {
      assertThat(said("--in", NOW + "=60%", "--in", NOW.next() + "=50%").err())
          .contains("add up to 1.1", "nothing was done");
      assertThat(said("--by", NOW + "=60%", "--by", NOW.next() + "=50%").err())
          .contains("never decrease");
      assertThat(said().err()).contains("--in or with --by");
      assertThat(
              here("forecast", "set", "nobody", "--in", NOW + "=1", "-m", "r", "--evidence", "e")
                  .err())
          .contains("neither in the role library nor in the catalogue");
      var file = Files.writeString(beside("f.yaml"), "forecasts:\n  salesforce: {reason: x}\n");
      assertThat(here("forecast", "set", "--file", file.toString()).err()).contains("f.yaml:2");
      assertThat(here("forecast", "list").out()).contains("Nobody has said anything.");
    }

    @Test
    void a_launch_resolves_it() {
      assertThat(said("--in", NOW.next() + "=20%").exit()).isZero();
      var resolved =
          here(
              "forecast",
              "resolve",
              "salesforce",
              "--launched",
              NOW.firstDay().toString(),
              "--evidence",
              "help page");
      assertThat(resolved.out()).as(resolved.err()).contains("salesforce is there since");
      assertThat(here("forecast", "resolve").out()).contains("Nothing new.");
      assertThat(
              here(
                      "forecast",
                      "resolve",
                      "salesforce",
                      "--launched",
                      "2999-01-01",
                      "--evidence",
                      "x")
                  .err())
          .contains("a day that has come");

      assertThat(here("forecast", "resolve", "salesforce", "--not-launched").err())
          .contains("--evidence says what you know the mistake from");
      assertThat(notLaunched().out()).contains("is not there: that it launched on");
      assertThat(notLaunched().err()).contains("no launch of 'salesforce' stands");
      assertThat(here("forecast", "resolve", "--not-launched").err())
          .contains("about one connector");
      assertThat(here("forecast", "list", "salesforce").out())
          .contains("is there since", "takes back that it launched on", "a beta");
    }

    private Ran notLaunched() {
      return here("forecast", "resolve", "salesforce", "--not-launched", "--evidence", "a beta");
    }

    @Test
    void who_has_a_key_signs_and_nobody_else_uses_the_name() throws IOException {
      var key = folder.resolve("ana.key");
      var entry = Installed.run("approver", "key", key.toString(), "--name", "ana");
      Files.writeString(
          beside("approvers.yaml"),
          "approvers:\n" + entry.out().replace("[propose, approve]", "[forecast]"));
      installed.replace(
          "library: library\n", "library: library\nreviews: {approvers: approvers.yaml}\n");

      assertThat(said("--in", NOW.next() + "=20%").err())
          .contains("'ana' signs forecasts, and this one is not signed; sign with", "nothing was");
      var signed = said("--in", NOW.next() + "=20%", "--key", key.toString());
      assertThat(signed.out()).as(signed.err()).contains("says ana (signed)");
      assertThat(here("forecast", "score").out()).contains("ana (signed)");
      // Whose key is in no file any more has proved nothing.
      Files.writeString(beside("approvers.yaml"), "approvers: []\n");
      assertThat(here("forecast", "list").out())
          .contains("somebody as ana (DOES NOT COUNT: 'ana' is not in the approvers file)");
    }
  }

  @Nested
  class Reviewing {
    private final String id = "acme-" + NOW;
    private Path ana;
    private Path ben;

    @BeforeEach
    void approvers() throws IOException {
      ana = folder.resolve("ana.key");
      ben = folder.resolve("ben.key");
      Files.writeString(
          beside("approvers.yaml"), "approvers:\n" + key("ana", ana) + key("ben", ben));
      installed.replace(
          "library: library\n", "library: library\nreviews: {approvers: approvers.yaml}\n");
    }

    private String key(String name, Path file) {
      var ran = Installed.run("approver", "key", file.toString(), "--name", name);
      assertThat(ran.exit()).as(ran.err()).isZero();
      return ran.out().replace("[propose, approve]", "[review]");
    }

    private Ran signed(String name, Path key, String... arguments) {
      var all = new ArrayList<>(List.of(arguments));
      all.addAll(List.of("--as", name, "--key", key.toString(), "-m", "looked at it"));
      return here("review", all.toArray(String[]::new));
    }

    private String provider() {
      return here("review", "list").out().strip().replaceFirst(".*Of: ", "");
    }

    @Test
    void from_opening_to_verification_by_somebody_else() throws Exception {
      var provider = provider();
      var id = provider + "-" + NOW;
      var opened = here("review", "open", provider, "--reviewer", "ana");
      assertThat(opened.out()).as(opened.err()).contains(id + " is open");

      var shown = here("review", "show", id);
      assertThat(shown.out())
          .as(shown.err())
          .contains(
              "(library:version)",
              "(role:",
              "(use:unused)",
              "(drift:tools)",
              "(kills:receipts)",
              "(incidents:all)",
              "(coverage:connectors)",
              "(sanity:deactivated-but-alive)",
              "not decided");
      assertThat(signed("ana", ana, "decide", id, "use:unused", "act").out())
          .contains("use:unused: act");
      assertThat(signed("ben", ben, "sign", id).err()).contains("not decided yet");
      assertThat(signed("ana", ana, "decide", id, "rest", "accept").exit()).isZero();
      assertThat(signed("ana", ana, "sign", id).err()).contains("nobody signs what they");
      var done = signed("ben", ben, "sign", id);
      assertThat(done.out()).as(done.err()).contains("is signed");

      var keys = Files.writeString(folder.resolve("keys.json"), here("review", "keys").out());
      var json = Files.writeString(folder.resolve("r.json"), here("review", "export", id).out());
      var pdf = folder.resolve("r.pdf");
      var export = here("review", "export", id, "--pdf", pdf.toString());
      assertThat(export.exit()).as(export.err()).isZero();
      // It names people: nobody else on this machine reads it.
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(pdf)))
          .isEqualTo("rw-------");

      assertThat(verified(json, keys).out()).contains("Genuine.", "use:unused", "act");
      assertThat(verified(pdf, keys).out()).contains("Genuine");
      Files.writeString(json, Files.readString(json).replace("\"act\"", "\"accept\""));
      assertThat(verified(json, keys).exit()).isEqualTo(1);
      var bytes = Files.readAllBytes(pdf);
      bytes[bytes.length / 2] ^= 1;
      Files.write(pdf, bytes);
      assertThat(verified(pdf, keys).exit()).isEqualTo(1);
    }

    private static Ran verified(Path file, Path keys) {
      return Installed.run("review", "verify", file.toString(), "--key", keys.toString());
    }

    @Test
    void of_two_providers_each_has_a_review_that_says_who_is_counted() throws IOException {
      Files.writeString(beside("secrets/any"), "a secret");
      installed.replace(
          "    local_people: true\n    # Your identity provider",
          """
              upstreams:
                - {id: okta, issuer: "https://okta.example", client_id: a, client_secret_file: secrets/any}
                - {id: entra, issuer: "https://entra.example", client_id: a, client_secret_file: secrets/any}
              # Your identity provider\
          """);
      for (var provider : List.of("okta", "entra")) {
        var opened = here("review", "open", provider, "--reviewer", "ana");
        assertThat(opened.out()).as(opened.err()).contains(provider + "-" + NOW + " is open");
        assertThat(here("review", "show", provider + "-" + NOW).out())
            .contains("(people:counted)", "0 active people come from " + provider);
      }
    }

    @Test
    void refusals_are_told() throws IOException {
      assertThat(here("review", "open", "nobody", "--reviewer", "ana").err())
          .contains("there is no identity provider 'nobody'; there is: ");
      assertThat(here("review", "open", provider(), "--reviewer", "eve").err())
          .contains("with the right 'review'");
      assertThat(here("review", "open", provider(), "--quarter", "Q4", "--reviewer", "ana").err())
          .contains("is no quarter");
      assertThat(here("review", "export", id).err()).contains("no review is");
      installed.replace("reviews: {approvers: approvers.yaml}\n", "");
      assertThat(here("review", "open", provider(), "--reviewer", "ana").err())
          .contains("set reviews.approvers");
    }
  }

  @Nested
  class Contracts {
    private String terms(String price) {
      return """
      currency: EUR
      providers:
        okta: {quota: 250, seat_price: [{from: 1, price: %s}]}
      expansion: [{from: %s, fee: 5000}]
      reviews: {hours: 6, rate: 120}
      budget: [{from: %s, amount: 1000}]
      """
          .formatted(price, NOW, NOW);
    }

    @Test
    void are_sized_by_the_terms_and_by_scenarios_over_them() throws Exception {
      assertThat(here("contract").err()).contains("there are no terms");
      Files.writeString(beside("contract.yaml"), terms("2.00"));
      installed.replace(
          "library: library\n", "library: library\ncontract: {terms: contract.yaml}\n");
      var sized = here("contract");
      assertThat(sized.out())
          .as(sized.err())
          .contains("as configured", "720.00 EUR", "Overrun: expected 0.72", "the quota is 250");
      assertThat(sized.exit()).isZero();

      var scenario = Files.writeString(beside("short.yaml"), "usage: {token_life: 10m}\n");
      var short_ = here("contract", "--scenario", scenario.toString());
      assertThat(short_.out()).contains("short.yaml", "WARNING: okta gives 250", "breaks it");
      assertThat(short_.exit()).isEqualTo(1);
      var json = JsonObject.parse(here("contract", "--json").out());
      assertThat(json.objects("plans").orElseThrow()).hasSize(1);

      Files.writeString(scenario, "budget: [{from: 2999-Q1, amount: 1}]\n");
      assertThat(here("contract", "--scenario", scenario.toString()).err())
          .contains("short.yaml:1", "has nothing for " + NOW);
    }
  }

  @Nested
  class Value {
    @Test
    void says_what_it_cannot_tell() throws Exception {
      var ran = here("value", "--month", "2026-01");
      assertThat(ran.out())
          .as(ran.err())
          .contains("no ID-JAG was issued", "nobody was recorded", "no signed kill receipt");
      assertThat(here("value", "--month", "May").err()).contains("is not a month");
      var json = JsonObject.parse(here("value", "--json").out());
      assertThat(json.strings("missing").orElseThrow()).hasSize(3);
    }
  }
}
