package dev.lanyard.server.library;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A library with everything that a library can have in one file, and what can be wrong with it.
final class LibraryFixtures {
  static final String GOOD =
      """
      # yaml-language-server: $schema=library.schema.json
      data_classes: [open, secret]
      connectors:
        ledger:
          name: Ledger
          category: finance
          authorization_server: https://bank.example/as
          resource: https://ledger.example/mcp
          scopes: [read, enter, release]
          tools:
            list: open
            enter: {grade: secret, scopes: [enter]}
            new:
            newer: {}
          review: {by: Ana Ruiz, on: 2026-11-23, rationale: "Entries name customers."}
      clients:
        claude-code: {name: Claude Code}
        https://agent.example/client.json: {roles: [clerk]}
      roles:
        clerk:
          owner: Ana Ruiz
          groups: [finance]
          clearance: secret
          clients: [claude-code, "https://agent.example/client.json"]
          conditions:
            office-hours: {when: "now.getHours('Europe/Berlin') in [8, 9, 10]"}
          connectors:
            ledger:
              scopes: [read, enter]
              conditions:
                strong:
                  when: "'hwk' in auth.amr"
                  step_up: {max_age: 15m, acr_values: [phr]}
        reader:
          owner: Ana Ruiz
          groups: all
          connectors: {ledger: read}
      exceptions:
        audit:
          owner: Ana Ruiz
          reason: The auditors are here until March.
          people: [auditor@example.com]
          groups: [auditors]
          until: 2027-03-31
          clearance: secret
          connectors: {ledger: [read]}
      separation_of_duty:
        payments:
          owner: Ana Ruiz
          reason: Whoever enters must not release.
          never_together: {ledger: [enter, release]}
      """;

  private LibraryFixtures() {}

  /// @param told a part of what the reader says; empty where only the schema is asked
  record Spoiled(String what, String text, String told) {
    @Override
    public String toString() {
      return what;
    }
  }

  /// What both the schema and the reader refuse.
  static Stream<Spoiled> wrongByItself() {
    return Stream.of(
        spoil(
            "data_classes: [open, secret]", "data_classes: []", "the list 'data_classes' is empty"),
        spoil("data_classes: [open, secret]", "data_classes: [open, open]", "in the list twice"),
        spoil(
            "data_classes: [open, secret]",
            "data_classes: ['not so open']",
            "no name for a data class"),
        spoil("data_classes:", "data_clases:", "unknown key 'data_clases'"),
        spoil("    name: Ledger\n", "", "'name' is missing"),
        spoil("https://bank.example/as", "bank.example", "not an http(s) URL"),
        spoil(
            "resource: https://ledger.example/mcp",
            "resource: https://ledger.example/mcp#x",
            "fragment"),
        spoil(
            "scopes: [read, enter, release]\n",
            "scopes: [read, enter, release]\n    scopes_imply: {enter: ['re ad']}\n",
            "not a scope"),
        spoil("scopes: [read, enter, release]", "scopes: ['re ad']", "not a scope"),
        spoil("list: open", "list: [open]", "needs a text"),
        spoil("list: open", "'li st': open", "no name of a tool"),
        spoil("{grade: secret, scopes: [enter]}", "{grad: secret, scopes: [enter]}", "unknown key"),
        spoil("by: Ana Ruiz, on", "on", "'by' is missing"),
        spoil("on: 2026-11-23", "on: yesterday", "is not a day"),
        spoil("rationale: \"Entries name customers.\"", "rationale: \" \"", "is empty"),
        spoil("{name: Claude Code}", "{nam: Claude Code}", "unknown key"),
        spoil("{roles: [clerk]}", "{roles: []}", "the list 'roles' is empty"),
        spoil("  clerk:\n", "  a clerk:\n", "no name for a role"),
        spoil("    groups: [finance]\n", "", "'groups' is missing"),
        spoil("groups: [finance]", "groups: []", "the list 'groups' is empty"),
        spoil(
            "owner: Ana Ruiz\n    groups: [finance]",
            "owner: ''\n    groups: [finance]",
            "is empty"),
        spoil("connectors: {ledger: read}", "connector: {ledger: read}", "unknown key"),
        spoil("office-hours: {when:", "office-hours: {wen:", "'when' is missing"),
        spoil("{max_age: 15m, acr_values: [phr]}", "{}", "needs 'max_age' or 'acr_values'"),
        spoil("max_age: 15m", "max_age: a while", "is not a duration"),
        spoil(
            "      ledger:\n        scopes: [read, enter]\n",
            "      ledger:\n",
            "'scopes' is missing"),
        spoil("    reason: The auditors are here until March.\n", "", "'reason' is missing"),
        spoil("until: 2027-03-31", "until: March", "neither a day"),
        spoil("    until: 2027-03-31\n", "", "'until' is missing"),
        spoil(
            "    people: [auditor@example.com]\n    groups: [auditors]\n",
            "",
            "'people' is missing"),
        spoil(
            "never_together: {ledger: [enter, release]}",
            "never: {}",
            "'never_together' is missing"));
  }

  /// What only the reader can know, since it knows the whole.
  static Stream<Spoiled> wrongTogether() {
    return Stream.of(
        spoil("list: open", "list: opn", "there is no data class 'opn'; did you mean 'open'?"),
        spoil(
            "clearance: secret\n    clients",
            "clearance: top\n    clients",
            "there is no data class 'top'"),
        spoil(
            "scopes: [enter]}",
            "scopes: [entr]}",
            "connector 'ledger' has no scope 'entr'; did you mean"),
        spoil(
            "{roles: [clerk]}",
            "{roles: [clark]}",
            "there is no role 'clark'; did you mean 'clerk'?"),
        spoil(
            "scopes: [read, enter, release]\n",
            "scopes: [read, enter, release]\n    scopes_imply: {enter: [rea]}\n",
            "connector 'ledger' has no scope 'rea'; did you mean"),
        spoil(
            "scopes: [read, enter, release]\n",
            "scopes: [read, enter, release]\n    scopes_imply: {entr: [read]}\n",
            "connector 'ledger' has no scope 'entr'; did you mean"),
        spoil("clients: [claude-code,", "clients: [claude-cod,", "there is no client 'claude-cod'"),
        spoil("'hwk' in auth.amr", "'hwk' in auth.arm", "undeclared reference to 'auth"),
        spoil("'hwk' in auth.amr", "auth.acr", "bool"),
        spoil("'hwk' in auth.amr", "auth.acr == 1", "no matching overload"),
        spoil("'hwk' in auth.amr", "'hwk' in (", "mismatched input"),
        spoil("'hwk' in auth.amr", "groups.map(g, g).size() > 0", "undeclared reference"),
        spoil(
            "connectors: {ledger: [read]}",
            "connectors: {leger: [read]}",
            "there is no connector 'leger'"),
        spoil("{ledger: [enter, release]}", "{ledger: [enter]}", "one scope excludes nothing"),
        spoil("{ledger: [enter, release]}", "{ledger: [enter, raise]}", "has no scope 'raise'"));
  }

  private static Spoiled spoil(String good, String bad, String told) {
    UnaryOperator<String> oneLine = text -> text.strip().replace("\n", " ⏎ ");
    if (!GOOD.contains(good)) {
      throw new AssertionError("not in the good library: " + good);
    }
    return new Spoiled(
        oneLine.apply(good) + " → " + oneLine.apply(bad),
        GOOD.replaceFirst(Pattern.quote(good), java.util.regex.Matcher.quoteReplacement(bad)),
        told);
  }

  /// Everything that the reader takes.
  static List<String> good() {
    return List.of(
        GOOD,
        GOOD.replaceFirst("(?m)^( +)scopes: .*$", "$0\n$1scopes_imply: {enter: [read]}"),
        "",
        LibraryFiles.CONNECTORS,
        "roles: {}");
  }
}
