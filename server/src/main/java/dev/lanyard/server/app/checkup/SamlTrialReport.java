package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.server.authorization.upstream.SamlTrial.Outcome;
import dev.lanyard.server.authorization.upstream.SamlUpstreamConfig;
import dev.lanyard.server.authorization.upstream.TrialPerson;
import dev.lanyard.server.saml.NameId;
import dev.lanyard.server.saml.SamlAssertion;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What a trial sign-in over SAML showed, for an administrator: what the provider says, what
/// becomes of it here, and what to change.
///
/// @param now when the answer arrived
public record SamlTrialReport(SamlUpstreamConfig upstream, Instant now) {
  /// An answer is made when the person has signed in, and is here a moment later.
  private static final Duration ON_THE_WAY = Duration.ofSeconds(5);

  public List<String> lines(Outcome outcome) {
    return switch (outcome) {
      case Outcome.SignedIn(var assertion, var person) -> signedIn(assertion, person);
      case Outcome.Nobody(var assertion, var evidence) -> nobody(assertion, evidence);
      case Outcome.Refused(var evidence, var remedy) -> refused(evidence, remedy);
      case Outcome.Unavailable(var why) -> List.of("BAD  sign-in: " + why);
    };
  }

  private List<String> signedIn(SamlAssertion assertion, TrialPerson person) {
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("ok   sign-in: the assertion is signed, for us, and answers this sign-in");
    add(lines, "subject (" + upstream.people().subject().orElse("NameID") + ")", person.subject());
    add(lines, "user name", person.userName());
    add(lines, "e-mail address", TrialReport.address(person.email()));
    person
        .groups()
        .ifPresent(groups ->
            add(
                lines,
                "groups",
                groups.isEmpty() ? "none" : String.join(", ", new TreeSet<>(groups))));
    said(lines, assertion);
    lines.add(clock(assertion).line());
    warnings(lines, assertion, person);
    return lines;
  }

  private List<String> nobody(SamlAssertion assertion, Evidence evidence) {
    var lines = new ArrayList<>(refused(evidence, Optional.empty()));
    lines.add("The assertion is signed, and for us. It says:");
    said(lines, assertion);
    return lines;
  }

  private List<String> refused(Evidence evidence, Optional<String> remedy) {
    var lines = new ArrayList<String>();
    lines.add(
        "BAD  sign-in: %s must be %s, and is %s"
            .formatted(evidence.check(), evidence.expected(), evidence.actual()));
    remedy
        .or(() -> new SamlAdvice(now).on(evidence))
        .ifPresent(advice -> lines.add("     " + advice));
    return lines;
  }

  private static void said(List<String> lines, SamlAssertion assertion) {
    add(lines, "NameID format", assertion.nameId().flatMap(NameId::format).orElse("none"));
    add(lines, "authentication context", assertion.authentication().contextClass().orElse("none"));
    add(
        lines,
        "signed in at",
        assertion.authentication().time().map(Instant::toString).orElse("not said"));
    for (var name : new TreeSet<>(assertion.attributes())) {
      add(lines, "attribute " + name, String.join(", ", assertion.attribute(name)));
    }
  }

  /// The answer tells their time, give or take its way here.
  private Finding clock(SamlAssertion assertion) {
    var age = Duration.between(assertion.issuedAt(), now);
    var check = "clock";
    if (age.isNegative() || age.compareTo(ON_THE_WAY) > 0) {
      return Finding.note(
          check,
          "the assertion is %s by our clock: compare both with a time server; more than half a"
                  .formatted(
                      age.isNegative()
                          ? "of " + -age.toSeconds() + " s ahead"
                          : age.toSeconds() + " s old")
              + " minute is refused");
    }
    return Finding.good(check, "the assertion is of this moment");
  }

  private void warnings(List<String> lines, SamlAssertion assertion, TrialPerson person) {
    var people = upstream.people();
    people
        .groups()
        .filter(_ -> person.groups().filter(groups -> !groups.isEmpty()).isEmpty())
        .ifPresent(name ->
            lines.add(
                ("note groups: the attribute '%s' is not there or empty, so no role is reached;"
                        + " another one is named with --attribute groups=NAME")
                    .formatted(name)));
    if (people.groups().isEmpty()) {
      lines.add(
          "note groups: no attribute is named, so groups are kept here; --attribute groups=NAME"
              + " takes the provider's");
    }
    TrialReport.addressWarning(person.email()).ifPresent(lines::add);
    if (people.email().isEmpty()) {
      lines.add("note e-mail address: --attribute email=NAME names its attribute");
    }
    if (assertion.sessionIndex().isEmpty()) {
      lines.add(
          "note SessionIndex: the provider names no session, so its logout ends all of a person");
    }
  }

  private static void add(List<String> lines, String what, String value) {
    lines.add("     %-26s %s".formatted(what, value));
  }
}
