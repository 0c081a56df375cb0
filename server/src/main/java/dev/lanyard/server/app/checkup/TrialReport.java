package dev.lanyard.server.app.checkup;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.authorization.upstream.TrialSignIn.Outcome.SignedIn;
import dev.lanyard.server.authorization.upstream.UpstreamConfig;
import dev.lanyard.server.directory.ToldAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/// What a trial sign-in showed, for an administrator: what the provider says, and what becomes of
/// it here.
record TrialReport(UpstreamConfig upstream, SignedIn signedIn) {

  List<String> lines() {
    var claims = signedIn.claims();
    var lines = new ArrayList<String>();
    lines.add("");
    lines.add("ok   sign-in: the ID token is authentic, for us, and answers this sign-in");
    add(lines, "subject (" + upstream.claims().subject() + ")", signedIn.person().subject());
    add(lines, "user name", signedIn.person().userName());
    add(lines, "e-mail address", address(signedIn.person().email()));
    upstream
        .claims()
        .groups()
        .ifPresent(claim ->
            add(lines, "groups there (" + claim + ")", claims.text(claim).orElse("no such claim")));
    signedIn
        .person()
        .groups()
        .ifPresent(groups ->
            add(
                lines,
                "groups here",
                groups.isEmpty() ? "none" : String.join(", ", new TreeSet<>(groups))));
    add(lines, "auth_time", claims.text("auth_time").map(TrialReport::time).orElse("not said"));
    for (var claim : List.of("acr", "amr")) {
      add(lines, claim, claims.text(claim).orElse("not said"));
    }
    add(lines, "all claims", String.join(", ", new TreeSet<>(claims.names())));
    warnings(lines, claims);
    return lines;
  }

  private void warnings(List<String> lines, JsonObject claims) {
    addressWarning(signedIn.person().email()).ifPresent(lines::add);
    if (upstream.claims().groups().isPresent()
        && signedIn.person().groups().filter(groups -> !groups.isEmpty()).isEmpty()) {
      lines.add(
          "note groups: nobody is in a group here, so no role is reached; see the notes above");
    }
    if (!claims.has("sid")) {
      lines.add("note sid: the provider names no session, so its logout ends all of a person");
    }
    if (!claims.has("auth_time") && !claims.has("acr") && !claims.has("amr")) {
      lines.add(
          "note sign-in: it does not say when and how somebody signed in; conditions on that fail");
    }
  }

  /// As an administrator reads it.
  static String address(ToldAddress told) {
    return switch (told) {
      case ToldAddress.Named(var value, var verified) ->
          value + (verified ? "" : ", which nobody has verified");
      case ToldAddress.None(var dropped) -> dropped.map(why -> "not taken: " + why).orElse("none");
      case ToldAddress.Unsaid() -> "none";
    };
  }

  static Optional<String> addressWarning(ToldAddress told) {
    if (told.isVerified()) {
      return Optional.empty();
    }
    if (told.address().isPresent()) {
      return Optional.of(
          "note e-mail address: the provider does not say that it has verified it, and applications"
              + " are told so; list the domains whose addresses it hands out in 'email_domains'");
    }
    return Optional.of(
        told.reason()
            .map(why -> "note e-mail address: not taken, because it is " + why)
            .orElse(
                "note e-mail address: servers that match people by their address will not find"
                    + " them"));
  }

  /// Seconds as people read time; what is none stays as it is.
  private static String time(String said) {
    return said.matches("\\d{1,12}")
        ? Instant.ofEpochSecond(Long.parseLong(said)).toString()
        : said;
  }

  private static void add(List<String> lines, String what, String value) {
    lines.add("     %-26s %s".formatted(what, value));
  }
}
