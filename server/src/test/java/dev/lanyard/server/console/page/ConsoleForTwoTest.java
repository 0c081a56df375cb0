package dev.lanyard.server.console.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.console.ConsoleWorld;
import dev.lanyard.server.console.Surfer;
import dev.lanyard.server.console.sheet.Addresses;
import dev.lanyard.server.directory.ExternalSubject;
import dev.lanyard.server.directory.Linking;
import dev.lanyard.server.directory.NewPerson;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.pair.Answer;
import dev.lanyard.server.pair.AtOnce;
import dev.lanyard.server.pair.Http;
import dev.lanyard.server.revocation.Happening;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What administrators change in the console: groups, clients, keys")
class ConsoleForTwoTest {
  @TempDir static Path folder;

  private static ConsoleWorld world;
  private static Surfer ada;
  private static Surfer bob;

  @BeforeAll
  static void start() {
    world = ConsoleWorld.start(folder, ConsoleWorld.ANY_FACTOR);
    ada = world.signedIn("ada", "admins");
    bob = world.signedIn("bob", "admins");
  }

  @AfterAll
  static void stop() {
    world.close();
  }

  /// What the last form of a page holds, and its token.
  private static Map<String, String> form(Answer page) {
    var fields = new HashMap<String, String>();
    Pattern.compile("type=\"hidden\" name=\"(seen|groups)\" value=\"([^\"]*)\"")
        .matcher(page.body())
        .results()
        .forEach(one -> fields.put(one.group(1), one.group(2)));
    return fields;
  }

  private static Answer send(Surfer who, Answer page, String path, Map<String, String> more) {
    var fields = form(page);
    fields.putAll(more);
    return who.post(path, fields, Surfer.formToken(page));
  }

  private static void isDone(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(303);
  }

  private static void refused(Answer answer, String why) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(409);
    assertThat(answer.body()).contains(why);
  }

  private static Set<String> groups(Person person) {
    return world.lanyard.directory().person(person.id()).orElseThrow().groups();
  }

  private static String agree(Surfer who, String motion) {
    var answer = send(who, who.open(motion), motion + "/agree", Map.of());
    isDone(answer);
    return answer.location().getPath();
  }

  @Nested
  @DisplayName("Groups of somebody who is kept here")
  class Groups {
    private static Answer change(Surfer who, Person person, String groups) {
      var address = PeoplePages.address(person) + "/groups";
      var page = who.open(address + "?groups=" + Addresses.value(groups));
      return send(who, page, address, Map.of("reason", "moved to another team"));
    }

    @Test
    @DisplayName("change after a look at what that changes; what they gave ends; it is recorded")
    void changed() {
      var person = world.person("mover", "engineering");
      assertThat(ada.open(PeoplePages.address(person)).body()).contains("Change the groups…");
      var page =
          ada.open(PeoplePages.address(person) + "/groups?groups=finance%0D%0A%20new%20hires%20");
      assertThat(page.body())
          .contains("Group new hires", "Connector Payroll", "not given → given: salaries.read")
          .doesNotContain("another administrator has to agree");

      isDone(change(ada, person, "finance\r\n new hires \r\n"));

      assertThat(groups(person)).containsExactlyInAnyOrder("finance", "new hires");
      assertThat(world.audit("person.groups")).contains("new hires", "admin:", "finance");
      assertThat(ada.open(PeoplePages.address(person)).body()).contains("finance, new hires");
    }

    @Test
    @DisplayName("of two at once the second sees what stands, and loses nothing of what was typed")
    void two_at_once() {
      var person = world.person("contested");
      var address = PeoplePages.address(person) + "/groups";
      var typed = bob.open(address + "?groups=finance");
      isDone(change(ada, person, "engineering"));

      var late = send(bob, typed, address, Map.of("reason", "late"));

      refused(late, "somebody else has changed their groups meanwhile");
      assertThat(late.body()).contains("Group engineering", ">\nfinance</textarea>");
      assertThat(groups(person)).containsExactly("engineering");
    }

    @Test
    @DisplayName("that are duties in the console are given by two, neither of whom is the person")
    void duties() {
      var person = world.person("to-promote", "engineering");
      var address = PeoplePages.address(person) + "/groups";
      assertThat(ada.open(address + "?groups=admins").body())
          .contains("another administrator has to agree", "becomes Administrator");
      var asked = change(ada, person, "admins");
      isDone(asked);
      assertThat(groups(person)).as("nobody has agreed").containsExactly("engineering");
      var motion = asked.location().getPath();
      assertThat(ada.open("/motions").body()).contains(motion);

      refused(ada.submit(motion + "/agree", Map.of()), "nobody agrees with themselves");
      refused(ada.submit(motion + "/decline", Map.of("reason", "mine")), "not yours to end");
      refused(bob.submit(motion + "/withdraw", Map.of()), "not yours to end");
      assertThat(ada.at("/motions/none").status()).isEqualTo(404);
      var reviewer = world.signedIn("only-reviews", "audit");
      assertThat(reviewer.submit(motion + "/agree", Map.of()).status()).isEqualTo(403);
      var again = change(bob, person, "admins\naudit");
      assertThat(bob.follow(again).body()).as("one at a time").contains("was asked for before");
      assertThat(agree(bob, motion)).isEqualTo(PeoplePages.address(person));

      assertThat(groups(person)).containsExactly("admins");
      refused(bob.submit(motion + "/agree", Map.of()), "somebody else was faster");
      assertThat(world.audit("console.motion-done"))
          .contains("moved to another team", person.id().value());
      var own = change(ada, person, "engineering").location().getPath();
      var theirs = new Surfer(world).signIn("to-promote");
      refused(theirs.submit(own + "/agree", Map.of()), "about themselves");
      isDone(theirs.submit(own + "/decline", Map.of("reason", "I have just begun")));
      assertThat(ada.open(own).body()).contains("declined", "I have just begun");
      assertThat(groups(person)).containsExactly("admins");
    }

    @Test
    @DisplayName("asked for by somebody who is off or no administrator any more: not given")
    void asker_is_gone() {
      var person = world.person("wanted", "engineering");
      var off = world.signedIn("asks-and-goes", "admins");
      var motion = change(off, person, "admins").location().getPath();
      var asker = world.lanyard.directory().findByUserName("acme", "asks-and-goes").orElseThrow();
      world.happened(asker, Happening.DISABLED);

      refused(bob.submit(motion + "/agree", Map.of()), "no administrator any more");
      assertThat(groups(person)).containsExactly("engineering");
      isDone(bob.submit(motion + "/decline", Map.of("reason", "who asked has left")));

      var moved = world.signedIn("asks-and-moves", "admins");
      var another = change(moved, person, "admins").location().getPath();
      var mover = world.lanyard.directory().findByUserName("acme", "asks-and-moves").orElseThrow();
      var taken = change(ada, mover, "engineering");
      if (groups(mover).contains("admins")) {
        agree(bob, taken.location().getPath());
      }
      assertThat(groups(mover)).containsExactly("engineering");

      refused(bob.submit(another + "/agree", Map.of()), "no administrator any more");
      assertThat(groups(person)).containsExactly("engineering");
    }

    @Test
    @DisplayName("that stand otherwise when the second agrees are not touched")
    void overtaken() {
      var person = world.person("overtaken", "engineering");
      var motion = change(ada, person, "audit").location().getPath();
      isDone(change(bob, person, "finance"));

      refused(send(bob, bob.open(motion), motion + "/agree", Map.of()), "others by now");

      assertThat(groups(person)).containsExactly("finance");
      isDone(ada.submit(motion + "/withdraw", Map.of()));
      refused(bob.submit(motion + "/agree", Map.of()), "Nothing was done");
    }

    @Test
    @DisplayName("of oneself, and of somebody whom another keeps, are not changed here")
    void refusals() {
      var self = world.lanyard.directory().findByUserName("acme", "ada").orElseThrow();
      refused(ada.at(PeoplePages.address(self) + "/groups"), "their own groups");
      var fields = Map.of("groups", "audit", "seen", "admins", "reason", "mischief");
      refused(ada.submit(PeoplePages.address(self) + "/groups", fields), "their own groups");
      var linked = linked();
      refused(ada.at(PeoplePages.address(linked) + "/groups"), "Change them there");
      refused(ada.submit(PeoplePages.address(linked) + "/groups", fields), "Change them there");
      var desk = world.signedIn("desk", "service-desk");
      var person = world.person("kept");
      assertThat(desk.submit(PeoplePages.address(person) + "/groups", fields).status())
          .isEqualTo(403);
      assertThat(ada.at("/people/nobody/groups").status()).isEqualTo(404);
      var long_ = "x".repeat(300);
      assertThat(ada.at(PeoplePages.address(person) + "/groups?groups=" + long_).status())
          .isEqualTo(400);
      assertThat(groups(person)).isEmpty();
    }

    private static Person linked() {
      var person =
          new NewPerson("acme", "elsewhere", Optional.empty(), "From elsewhere", Set.of("admins"));
      var subject = new ExternalSubject("acme", new Issuer("https://idp.example"), "subject-1");
      if (!(world.lanyard.directory().createLinked(person, subject)
          instanceof Linking.Created(var created))) {
        throw new AssertionError("was there already");
      }
      return created;
    }
  }

  @Nested
  @DisplayName("Clients of the broker")
  class Clients {
    private static final String WEB =
        """
        name: Wiki <b>
        authentication: [client_secret_basic]
        redirect_uris: [https://wiki.example/callback]
        grants: [authorization_code]
        """;

    private static Answer enter(Surfer who, String text) {
      var page = who.open("/clients/new?as=web");
      return send(who, page, "/clients/new", Map.of("text", text, "reason", "a new wiki"));
    }

    private static String entered(String text) {
      return agree(bob, enter(ada, text).location().getPath());
    }

    private static int tried(String client, String secret) {
      var id = client.substring(client.lastIndexOf('/') + 1);
      var basic =
          Base64.getEncoder().encodeToString((id + ":" + secret).getBytes(StandardCharsets.UTF_8));
      var form =
          Form.builder()
              .add("grant_type", "authorization_code")
              .add("code", "made-up")
              .add("redirect_uri", "https://wiki.example/callback")
              .add("code_verifier", "v".repeat(43))
              .build();
      return Http.post(world.brokerUrl("/token"), form, Map.of("Authorization", "Basic " + basic))
          .status();
    }

    private static String secret(Answer page) {
      var matcher =
          Pattern.compile("client_secret</dt><dd><code>([A-Za-z0-9_-]{43})</code>")
              .matcher(page.body());
      assertThat(matcher.find()).as(page.body()).isTrue();
      return matcher.group(1);
    }

    @Test
    @DisplayName("are entered by two; the secret is made after that, shown once, and made anew")
    void entered_by_two() {
      var asked = enter(ada, WEB);
      isDone(asked);
      var motion = asked.location().getPath();
      assertThat(bob.open("/clients").body()).doesNotContain("Wiki");
      assertThat(bob.open(motion).body())
          .contains("New client Wiki &lt;b&gt;", "<ins>+redirect_uris: [https://wiki.example")
          .doesNotContain("Wiki <b>");
      refused(ada.submit(motion + "/agree", Map.of()), "nobody agrees with themselves");

      var client = agree(bob, motion);

      assertThat(ada.open(client).body()).contains("has no secret yet", "entered here");
      assertThat(tried(client, "anything")).isEqualTo(401);
      var question = ada.open(client + "/secret");
      var told = send(ada, question, client + "/secret", Map.of("reason", "first"));
      var first = secret(told);
      assertThat(tried(client, first)).as("known, and its code is none").isEqualTo(400);
      var stale = Map.of("seen", "never", "reason", "at the same time");
      refused(bob.submit(client + "/secret", stale), "not as you looked");
      var second =
          secret(
              send(
                  ada, ada.open(client + "/secret"), client + "/secret", Map.of("reason", "lost")));
      assertThat(tried(client, first)).isEqualTo(401);
      assertThat(tried(client, second)).isEqualTo(400);
      assertThat(ada.open(client).body()).doesNotContain(first).doesNotContain(second);
      assertThat(world.audit("client.entered")).contains("Wiki");
      assertThat(world.audit("console.client-secret"))
          .contains("lost", client.substring(client.lastIndexOf('/') + 1))
          .doesNotContain(second);
    }

    @Test
    @DisplayName("are entered once if two others agree at the same moment")
    void entered_at_once() throws InterruptedException {
      var cara = world.signedIn("cara", "admins");
      var motion = enter(ada, WEB.replace("Wiki <b>", "Agreed at once")).location().getPath();
      var tokens =
          Map.of(
              bob, Surfer.formToken(bob.open(motion)), cara, Surfer.formToken(cara.open(motion)));
      var second = new AtomicBoolean();
      var became = new ConcurrentLinkedQueue<Integer>();
      AtOnce.run(
          2,
          () -> {
            var who = second.getAndSet(true) ? bob : cara;
            became.add(
                who.post(motion + "/agree", Map.of(), tokens.getOrDefault(who, "")).status());
          });

      assertThat(became).containsExactlyInAnyOrder(303, 409);
      assertThat(world.audit("client.entered").lines())
          .filteredOn(line -> line.contains("Agreed at once"))
          .hasSize(1);
    }

    @Test
    @DisplayName("that cannot be read are not asked for, with the line and the reason")
    void faulty() {
      var wrong =
          enter(ada, WEB + "id: chosen\nredirect_url: [x]\nadministration: [lanyard.read]\n");
      assertThat(wrong.status()).isEqualTo(400);
      assertThat(wrong.body())
          .contains("line 5", "is not written here", "unknown key", "in the clients file only");
      assertThat(wrong.body()).as("what was typed").contains("redirect_url: [x]");
      assertThat(enter(ada, "[").status()).isEqualTo(400);
      assertThat(enter(ada, "name: x\n").body()).contains("authentication");
      var reviewer = world.signedIn("reads-clients", "audit");
      assertThat(reviewer.open("/clients").body()).doesNotContain("Enter a client");
      assertThat(reviewer.at("/clients/new").status()).isEqualTo(403);
      var fields = Map.of("text", WEB, "reason", "mischief");
      assertThat(reviewer.submit("/clients/new", fields).status()).isEqualTo(403);
    }

    @Test
    @DisplayName("are changed by two; of two changes at once the second loses nothing")
    void changed() {
      var client = entered(WEB.replace("Wiki <b>", "Notes"));
      var page = bob.open(client + "/edit");
      var more = WEB.replace("Wiki <b>", "Notes and more");
      var first =
          send(
              ada,
              ada.open(client + "/edit"),
              client + "/edit",
              Map.of("text", more, "reason", "renamed"));
      assertThat(agree(bob, first.location().getPath())).isEqualTo(client);
      assertThat(ada.open(client).body()).contains("Notes and more");
      assertThat(world.audit("client.changed")).contains("Notes and more");

      var late =
          send(
              bob,
              page,
              client + "/edit",
              Map.of("text", more.replace("more", "less"), "reason", "x"));

      refused(late, "somebody else has changed it meanwhile");
      assertThat(late.body()).contains("<ins>+name: Notes and less</ins>", "-name: Notes and more");
      assertThat(ada.at("/clients/studio/edit").status()).as("of the file").isEqualTo(404);
      var same = Map.of("text", more, "reason", "none");
      var none = send(ada, ada.open(client + "/edit"), client + "/edit", same);
      assertThat(none.status()).isEqualTo(400);
      assertThat(none.body()).contains("nothing is changed");
    }

    @Test
    @DisplayName("are stopped, work again and lose what they have, wherever they come from")
    void stopped() {
      var page = ada.open("/clients/ops/disable");
      isDone(send(ada, page, "/clients/ops/disable", Map.of("reason", "it was broken into")));
      assertThat(ada.open("/clients/ops").body()).contains("stopped", "Let it work again");
      refused(
          bob.submit("/clients/ops/disable", Map.of("seen", "works", "reason", "late")),
          "not as you looked");
      assertThat(world.audit("client.disabled")).contains("it was broken into", "admin:");
      isDone(
          send(
              bob,
              bob.open("/clients/ops/enable"),
              "/clients/ops/enable",
              Map.of("reason", "mended")));
      assertThat(ada.open("/clients/ops").body()).contains("works").doesNotContain("Make a new");
      var end = ada.open("/clients/ops/revoke");
      isDone(send(ada, end, "/clients/ops/revoke", Map.of("reason", "to be sure")));
      assertThat(world.audit("client.revoked")).contains("to be sure", "admin:");
      refused(
          ada.submit("/clients/ops/remove", Map.of("seen", "works", "reason", "x")),
          "not as you looked");
      refused(ada.submit("/clients/ops/secret", Map.of("seen", "never", "reason", "x")), "not as");
      refused(ada.at("/clients/lanyard-console/disable"), "not stopped in the console");
      assertThat(ada.at("/clients/nobody").status()).isEqualTo(404);
      assertThat(ada.at("/clients/%C3%A9").status()).as("no id of a client").isEqualTo(404);
      var desk = world.signedIn("desk-clients", "service-desk");
      var fields = Map.of("seen", "works", "reason", "mischief");
      assertThat(desk.submit("/clients/ops/disable", fields).status()).isEqualTo(403);
    }
  }

  @Nested
  @DisplayName("Signing keys")
  class Keys {
    private static String key(String purpose) {
      var matcher =
          Pattern.compile(
                  "(?s)<td>broker\\s*</td>\\s*<td>"
                      + purpose
                      + "\\s*</td>\\s*<td>ES256\\s*</td>\\s*<td><span class=\"tag"
                      + " good\">active.*?href=\"(/keys/[^\"]+)\"")
              .matcher(ada.open("/keys").body());
      assertThat(matcher.find()).isTrue();
      return matcher.group(1);
    }

    @Test
    @DisplayName("get a successor, let it sign, and are revoked after a word was typed")
    void life() {
      var key = key("id-jag");
      var page = ada.open(key + "/rotate");
      isDone(send(ada, page, key + "/rotate", Map.of("reason", "as planned")));
      refused(
          bob.submit(key + "/rotate", Map.of("seen", "active", "reason", "x")), "not in the state");
      assertThat(ada.open(key).body()).contains("Let the successor sign now");
      isDone(send(ada, ada.open(key + "/retire"), key + "/retire", Map.of("reason", "now")));
      assertThat(ada.open(key).body()).contains("retired");

      var question = ada.open(key + "/revoke");
      var wrong = send(ada, question, key + "/revoke", Map.of("reason", "leaked", "typed", "no"));
      assertThat(wrong.status()).isEqualTo(400);
      isDone(send(ada, question, key + "/revoke", Map.of("reason", "leaked", "typed", "revoke")));

      assertThat(ada.open(key).body()).contains("revoked").doesNotContain("Revoke it");
      assertThat(key("id-jag")).isNotEqualTo(key);
      assertThat(world.audit("console.key-revoke")).contains("leaked");
      assertThat(world.audit("key.revoked")).contains(key.substring(key.lastIndexOf('/') + 1));
      var reviewer = world.signedIn("reads-keys", "audit");
      assertThat(reviewer.open(key).body()).doesNotContain("Revoke");
      var fields = Map.of("seen", "active", "reason", "mischief", "typed", "revoke");
      assertThat(reviewer.submit(key("id-jag") + "/revoke", fields).status()).isEqualTo(403);
      assertThat(ada.at("/keys/none").status()).isEqualTo(404);
    }
  }
}
