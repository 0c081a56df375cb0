package dev.lanyard.demo;

import dev.lanyard.client.Access;
import dev.lanyard.client.Denial;
import dev.lanyard.client.ExchangeResult;
import dev.lanyard.client.TokenResult;
import dev.lanyard.demo.Narrator.Exhibit;
import dev.lanyard.demo.Narrator.Outcome;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.audit.AuditQuery;
import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.revocation.Happening;
import dev.lanyard.server.revocation.Source;
import dev.lanyard.server.revocation.Subject;
import java.net.URI;
import java.util.List;
import java.util.Locale;

/// What the demonstration tells, in its order. Each step checks that what it tells is true; if it
/// is not, the demonstration says so and ends with an error.
final class DemoStory {
  private static final int MOST_CALLS = 1_000;

  /// Records that may have come between a refusal and the look for it.
  private static final int MOST_AFTERWARDS = 20;

  private final DemoInstallation town;
  private final Narrator narrator;
  private boolean kept = true;

  DemoStory(DemoInstallation town, Narrator narrator) {
    this.town = town;
    this.narrator = narrator;
  }

  /// Tells everything.
  ///
  /// @return whether every step came out as it should
  boolean tell() throws Exception {
    narrator.opening(
        """
        Lanyard: Enterprise-Managed Authorization for MCP, on this machine, with real parts.
          identity broker                 %s
          resource authorization server   %s
          MCP server "issue tracker"      %s
          MCP server "CRM"                %s\
        """
            .formatted(town.broker(), town.ras(), town.tracker(), town.crm()));
    try (var wire = new Wire(town)) {
      var ana = town.hire("Ana", "ana@acme.example", "engineering");
      var sam = town.hire("Sam", "sam@acme.example", "sales");
      var assistant = signIn(ana);
      var token = silentAccess(wire, assistant);
      secondPerson(sam);
      outsideTheRole(wire, assistant);
      newHire();
      kill(wire, ana, assistant, token);
      record();
    }
    closing();
    return kept;
  }

  private Assistant signIn(Person ana) throws Exception {
    narrator.step(
        "Ana signs in, once",
        "She is an engineer: a person in the group \"engineering\", nothing else is stored about"
            + " her access.\n"
            + "Her MCP client sends her browser to the identity broker (authorization code with"
            + " PKCE).");
    var assistant = Assistant.signedIn(town, ana);
    narrator.exhibit(new Exhibit("ID token, decoded", Tokens.decoded(assistant.idToken())));
    narrator.outcome(
        Outcome.ALLOWED, "Ana is signed in. This was the only page that she will see.");
    return assistant;
  }

  private Secret silentAccess(Wire wire, Assistant assistant) throws Exception {
    narrator.step(
        "Silent access, first half: the ID token becomes an ID-JAG",
        "The client asks the broker for an identity assertion for the issue tracker. The broker"
            + " looks Ana up\n"
            + "now, asks the role library, and signs what it allows.");
    narrator.exhibit(new Exhibit("token exchange request", wire.exchangeShown(town.tracker())));
    var idJag =
        switch (wire.exchange(assistant.idToken(), town.tracker())) {
          case ExchangeResult.Granted(var response) -> response.idJag();
          case ExchangeResult.Denied(var denial) -> throw unexpected(denial.toString());
          case ExchangeResult.Failed(var why) -> throw unexpected(why);
        };
    narrator.exhibit(new Exhibit("ID-JAG, decoded", Tokens.decoded(idJag)));
    narrator.outcome(
        Outcome.ALLOWED, "Issued without a page: scopes and resource come from her role.");

    narrator.step(
        "Silent access, second half: the ID-JAG becomes an access token",
        "The resource authorization server checks type, issuer, signature, audience, client and"
            + " times, records\n"
            + "the redemption so that it can happen only once, and issues a token for this one MCP"
            + " server.");
    var token =
        switch (wire.redeem(idJag)) {
          case TokenResult.Granted(var response) -> response.accessToken();
          case TokenResult.Denied(var denial) -> throw unexpected(denial.toString());
          case TokenResult.Failed(var why) -> throw unexpected(why);
        };
    narrator.exhibit(new Exhibit("access token, decoded", Tokens.decoded(token)));
    narrator.outcome(Outcome.ALLOWED, "Two requests, no consent screen.");

    narrator.step(
        "The same, as applications do it",
        "The MCP Java SDK with the client library plugged in: discovery, exchange, redemption and"
            + " the call.");
    narrator.outcome(
        Outcome.ALLOWED, "list_issues: " + assistant.call(town.tracker(), "list_issues"));

    narrator.step(
        "A stolen ID-JAG is worth nothing",
        "Somebody presents the same ID-JAG a second time, with the right client secret.");
    refused(wire.redeem(idJag) instanceof TokenResult.Denied(var denial) ? denial : noDenial());
    return token;
  }

  private void secondPerson(Person sam) throws Exception {
    narrator.step(
        "Sam, in sales, has other connectors", "Same client, same library, another group.");
    var assistant = Assistant.signedIn(town, sam);
    narrator.outcome(
        Outcome.ALLOWED, "list_contacts: " + assistant.call(town.crm(), "list_contacts"));
  }

  private void outsideTheRole(Wire wire, Assistant assistant) {
    narrator.step(
        "A connector outside the role",
        "Ana's client asks for the CRM. The caller learns a code and a correlation id; the"
            + " administrator finds\n"
            + "the exact failed check under that id.");
    refused(
        wire.exchange(assistant.idToken(), town.crm()) instanceof ExchangeResult.Denied(var denial)
            ? denial
            : noDenial());
  }

  private void newHire() throws Exception {
    narrator.step(
        "Day one",
        "Noor appears in the group \"engineering\". Nobody clicks anything, nobody files a"
            + " ticket.");
    var noor = town.hire("Noor", "noor@acme.example", "engineering");
    var assistant = Assistant.signedIn(town, noor);
    for (var server : List.of(town.tracker(), town.crm())) {
      switch (assistant.ema().accessTo(server)) {
        case Access.Granted(var token) ->
            narrator.outcome(Outcome.ALLOWED, server + " with " + token.scopes());
        case Access.Denied(var by, var denial) ->
            narrator.outcome(Outcome.REFUSED, server + ": " + denial.error() + " says " + by);
        case Access other -> throw unexpected(other.toString());
      }
    }
  }

  private void kill(Wire wire, Person ana, Assistant assistant, Secret token) throws Exception {
    narrator.step(
        "Ana is disabled",
        "Her access token would live for another 45 minutes. Watch the next call.");
    var before = wire.call(town.tracker(), token).statusCode();
    var start = System.nanoTime();
    happened(ana, Happening.DISABLED, "left the company");
    var durable = System.nanoTime();
    // The tracker is told by the revocation stream; it may serve a call that is faster than that.
    var after = wire.call(town.tracker(), token);
    int served = 0;
    while (after.statusCode() == 200 && served < MOST_CALLS) {
      served++;
      after = wire.call(town.tracker(), token);
    }
    var refused = System.nanoTime();
    narrator.exhibit(
        new Exhibit(
            "measured",
            JsonObject.builder()
                .put("call before", before)
                .put("disabled and durable after ms", millis(durable - start))
                .put("calls served meanwhile", served)
                .put("next call", after.statusCode())
                .put("refused after ms", millis(refused - start))
                .put("challenge", after.headers().firstValue("WWW-Authenticate").orElse(""))
                .build()));
    check(before == 200 && after.statusCode() == 401, "a disabled person's call must be refused");
    narrator.outcome(
        Outcome.REFUSED,
        "The next call is refused " + millis(refused - start) + " ms after the decision.");

    narrator.step("No new token either", "Her ID token is still unexpired, and worth nothing now.");
    refused(
        wire.exchange(assistant.idToken(), town.tracker())
                instanceof ExchangeResult.Denied(var denial)
            ? denial
            : noDenial());

    narrator.step(
        "Back again", "Ana is enabled. What was issued before stays dead; she signs in anew.");
    happened(ana, Happening.ENABLED, "came back");
    var old = wire.call(town.tracker(), token).statusCode();
    check(old == 401, "a revoked token must not live again");
    narrator.outcome(Outcome.REFUSED, "the old access token: " + old);
    var again = Assistant.signedIn(town, ana);
    narrator.outcome(
        Outcome.ALLOWED, "after a new sign-in: " + again.call(town.tracker(), "list_issues"));
  }

  private void record() {
    narrator.step(
        "The record", "Every decision, with the rules and checks that decided. No token is in it.");
    var records = town.lanyard().audit().query(AuditQuery.newest(100));
    records.forEach(entry -> narrator.outcome(Outcome.SHOWN, line(entry)));
    check(records.size() >= 15, "every step must be recorded");
  }

  private static String line(AuditRecord entry) {
    var event = entry.event();
    return "%s  %-8s %-16s %s"
        .formatted(
            event.at(),
            event.outcome().name().toLowerCase(Locale.ROOT),
            event.type(),
            event.correlationId());
  }

  /// Shows both faces of a refusal.
  private void refused(Denial denial) {
    var told = denial.description().orElse("");
    narrator.exhibit(
        new Exhibit(
            "what the caller is told",
            JsonObject.builder()
                .put("error", denial.error())
                .put("error_description", told)
                .build()));
    // Not simply the newest: a receipt of the kill may be written at any moment.
    var recorded =
        town.lanyard().audit().query(AuditQuery.newest(MOST_AFTERWARDS)).stream()
            .map(AuditRecord::event)
            .filter(event -> told.contains(event.correlationId()))
            .findFirst();
    check(recorded.isPresent(), "a refusal must be recorded under its correlation id");
    recorded.ifPresent(
        event -> narrator.exhibit(new Exhibit("what the administrator finds", event.evidence())));
    narrator.outcome(Outcome.REFUSED, denial.error());
  }

  private void closing() {
    var ca = "--cacert " + town.authority();
    narrator.closing(
        kept
            ? "That is all of it. Explore:"
            : "A STEP DID NOT COME OUT AS IT SHOULD; see above. Explore:",
        List.of(
            "curl " + ca + " " + town.broker() + "/.well-known/openid-configuration",
            "curl " + ca + " " + town.ras() + "/.well-known/oauth-authorization-server",
            "curl -i " + ca + " -X POST " + town.tracker(),
            "curl " + ca + " " + metadataOf(town.tracker()),
            "./lanyard explain -c "
                + town.configuration()
                + " --user ana@acme.example --connector crm",
            "./lanyard audit -c " + town.configuration() + " --person ana@acme.example"));
  }

  private static URI metadataOf(URI server) {
    return server.resolve("/.well-known/oauth-protected-resource" + server.getPath());
  }

  private static long millis(long nanos) {
    return Math.round(nanos / 1e6);
  }

  private void check(boolean truth, String otherwise) {
    if (!truth) {
      kept = false;
      narrator.outcome(Outcome.SHOWN, "NOT AS IT SHOULD BE: " + otherwise);
    }
  }

  private Denial noDenial() {
    throw unexpected("this should have been refused");
  }

  private static IllegalStateException unexpected(String what) {
    return new IllegalStateException("the demonstration did not come out: " + what);
  }

  private void happened(Person person, Happening what, String reason) {
    var admin = Source.of(Source.Kind.ADMIN, "demonstration");
    var subject = new Subject.Person(person.id());
    town.lanyard().revocation().report(admin, subject, what, reason, "demonstration");
  }
}
