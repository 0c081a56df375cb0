package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.library.LibraryCheck;
import dev.lanyard.server.library.LibraryFinding.Severity;
import dev.lanyard.server.library.LibrarySource;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.revocation.Happening;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Requests of exceptions in the console")
class ConsoleRequestsTest {
  private static final Pattern REQUEST = Pattern.compile("request-[a-z0-9]{1,12}");
  private static final Pattern HIDDEN =
      Pattern.compile("name=\"(revision|seen)\" value=\"([^\"]+)\"");

  @TempDir private static Path folder;
  private static ConsoleWorld world;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR);
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  private static Map<String, String> question(String reason) {
    var until = LocalDate.ofInstant(world.clock.instant(), ZoneOffset.UTC).plusDays(30);
    return new HashMap<>(
        Map.of("connector", "payroll", "reason", reason, "until", until.toString()));
  }

  private static String asked(Surfer surfer, String reason) {
    var answer = surfer.follow(surfer.submit("/requests", question(reason)));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return id(answer);
  }

  private static String id(Answer page) {
    var matcher = REQUEST.matcher(page.body());
    assertThat(matcher.find()).as(page.body()).isTrue();
    return matcher.group();
  }

  @Test
  @DisplayName(
      "an employee asks once, sees the state, and takes it back; a wrong form says what is wrong")
  void asks() {
    var employee = world.signedIn("elena", "engineering");
    assertThat(employee.open("/").body()).contains("/requests");
    assertThat(employee.open("/requests").body()).contains("Payroll").doesNotContain(">Linear<");

    var without = question("x");
    without.put("reason", " ");
    assertThat(employee.submit("/requests", without).body()).contains("say why");
    var wrongDay = question("x");
    wrongDay.put("until", "tomorrow");
    assertThat(employee.submit("/requests", wrongDay).body()).contains("2027-01-31");
    var unknown = question("x");
    unknown.put("connector", "nowhere");
    assertThat(employee.submit("/requests", unknown).status()).isEqualTo(400);

    var id = asked(employee, "the <i>audit</i> needs me");
    assertThat(employee.submit("/requests", question("again")).status()).isEqualTo(409);
    assertThat(employee.open("/requests").body())
        .contains("waits for an administrator")
        .contains("the &lt;i&gt;audit&lt;/i&gt; needs me");
    assertThat(employee.at("/asked").status()).isEqualTo(403);
    var _ = employee.submit("/requests/withdraw", Map.of("request", id));
    assertThat(employee.open("/requests").body()).contains("taken back by you");
  }

  @Test
  @DisplayName(
      "declined: the reason is read by whoever asked; of two administrators the second is told")
  void declines() {
    var employee = world.signedIn("otto", "engineering");
    var id = asked(employee, "curious");
    var admin = world.signedIn("dora", "admins");
    var other = world.signedIn("dirk", "admins");
    assertThat(admin.open("/asked").body()).contains(id).contains("curious");
    assertThat(
            world
                .signedIn("rita", "audit")
                .submit("/asked/" + id + "/decline", Map.of("reason", "x"))
                .status())
        .isEqualTo(403);
    assertThat(admin.submit("/asked/" + id + "/decline", Map.of("reason", " ")).status())
        .isEqualTo(400);

    var declined = admin.submit("/asked/" + id + "/decline", Map.of("reason", "not <b>yours</b>"));
    assertThat(declined.status()).isEqualTo(303);
    var second = other.submit("/asked/" + id + "/draft", Map.of());
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.body()).contains("not open any more").contains("declined by dora");
    assertThat(employee.open("/requests").body())
        .contains("declined")
        .contains("not &lt;b&gt;yours&lt;/b&gt;");
    assertThat(world.audit("exception-request.declined")).contains(id);
  }

  @Test
  @DisplayName("nobody answers their own request")
  void not_ones_own() {
    var admin = world.signedIn("selma", "admins");
    var id = asked(admin, "me");
    for (var way : new String[] {"/draft", "/decline"}) {
      var refused = admin.submit("/asked/" + id + way, Map.of("reason", "yes"));
      assertThat(refused.status()).isEqualTo(409);
      assertThat(refused.body()).contains("nobody answers their own request");
    }
  }

  @Test
  @DisplayName(
      "an exception: drafted, checked, handed in with its answer, and in force for whoever asked")
  void granted() throws Exception {
    var employee = world.signedIn("gina", "engineering");
    var id = asked(employee, "month end: \"close\"\nroles: {}\n# \u2028 x");
    var admin = world.signedIn("gabe", "admins");

    var drafted = admin.follow(admin.submit("/asked/" + id + "/draft", Map.of()));
    assertThat(drafted.body())
        .contains("new, by you")
        .contains("exceptions:")
        .contains("\"salaries.read\"");
    var effect = admin.open("/library/draft/effect");
    assertThat(effect.body()).contains("gina").contains("payroll salaries.read");
    var form = new HashMap<String, String>();
    HIDDEN.matcher(effect.body()).results().forEach(one -> form.put(one.group(1), one.group(2)));
    form.put("reason", "agreed with the data owner");
    var handed = admin.follow(admin.submit("/library/draft/hand-in?days=1", form));
    assertThat(handed.status()).isEqualTo(200);
    assertThat(employee.open("/requests").body()).contains("on its way into the role library");
    assertThat(admin.open("/asked").body()).doesNotContain(id);

    var text = new LibrarySource(folder, new TreeMap<>(Map.of("x.yaml", file(drafted))));
    Files.writeString(folder.resolve("library/" + id + ".yaml"), text.files().get("x.yaml"));
    world.followsFolder();
    assertThat(employee.open("/requests").body()).contains(">yours<");
    assertThat(employee.open("/").body()).contains("exception " + id);
    assertThat(
            LibraryCheck.of(
                LibrarySource.of(folder.resolve("library")),
                Optional.empty(),
                world.clock.instant()))
        .noneMatch(one -> one.file().endsWith(id + ".yaml") && one.severity() == Severity.ERROR);
  }

  @Test
  @DisplayName("SEC-9: an exception names nobody by a user name that a provider told")
  void names_by_what_counts() {
    var employee = world.signedInAsTold("boss", "gustav@acme.example", "engineering");
    var id = asked(employee, "month end");
    var admin = world.signedIn("gerd", "admins");
    var drafted = admin.follow(admin.submit("/asked/" + id + "/draft", Map.of()));
    assertThat(drafted.body()).contains("[\"gustav@acme.example\"]").doesNotContain("[\"boss\"]");
  }

  /// What stands in the text area, as a browser reads it.
  private static String file(Answer page) {
    var body = page.body();
    int from = body.indexOf('>', body.indexOf("<textarea")) + 2;
    return body.substring(from, body.indexOf("</textarea>"))
        .replace("&#34;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&#39;", "'")
        .replace("&amp;", "&");
  }

  @Test
  @DisplayName("a draft with a request that is over is not handed in, and stays as it is")
  void over() {
    var person = world.person("olaf", "engineering");
    var employee = new Surfer(world).signIn("olaf");
    var id = asked(employee, "soon gone");
    var admin = world.signedIn("greta", "admins");
    var _ = admin.submit("/asked/" + id + "/draft", Map.of());
    var form = new HashMap<String, String>();
    HIDDEN
        .matcher(admin.open("/library/draft/effect").body())
        .results()
        .forEach(one -> form.put(one.group(1), one.group(2)));
    form.put("reason", "as asked");
    world.happened(person, Happening.DISABLED);

    var refused = admin.submit("/library/draft/hand-in?days=1", form);
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.body()).contains(id);
    assertThat(admin.open("/library/draft").body()).contains(id + ".yaml");
    assertThat(world.audit("library.submitted")).doesNotContain("as asked");
  }
}
