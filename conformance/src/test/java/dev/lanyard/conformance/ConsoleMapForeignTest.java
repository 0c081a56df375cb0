package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The console as somebody walks through it who may do all that there is, with something on every
/// page: names, reasons, files and tools by somebody who hopes that a page takes them for markup.
@Tag("foreign")
@DisplayName("The pages of the console, by the links between them")
class ConsoleMapForeignTest {
  @AutoClose private static ConsoleSite site;
  @AutoClose private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    site = ConsoleSite.start(ConsoleSite.Setting.embedded());
    chromium = Chromium.start();
  }

  @Test
  @DisplayName("Every page of docs/routes.md is come to, and nothing of an attacker's runs on one")
  void every_page() throws Exception {
    var everything =
        site.named(Hostile.NAME, "engineering", "administrators", "reviewers", "service-desk");
    var begin = ConsoleContents.fill(site, chromium, everything);
    var routes = ConsolePages.read();
    var kinds = new TreeSet<String>();
    var heard = new ArrayList<String>();
    try (var visit = ConsoleVisit.begin(site, chromium, everything)) {
      visit
          .page()
          .onDialog(dialog -> {
            heard.add(visit.page().url() + ": " + dialog.message());
            dialog.dismiss();
          });
      var open = new ArrayDeque<>(begin);
      open.addAll(visit.navigation());
      var known = new HashSet<>(open);
      for (var address : known) {
        routes.of(address).ifPresent(kinds::add);
      }
      for (var address = open.poll(); address != null; address = open.poll()) {
        visit.open(address);
        for (var link : visit.links()) {
          if (routes.of(link).filter(kinds::add).isPresent()) {
            open.add(link);
          }
        }
      }
    }
    assertThat(kinds)
        .as("links lead to every page; ConsoleContents puts something on it")
        .containsExactlyInAnyOrderElementsOf(routes.all());
    assertThat(heard).isEmpty();
  }
}
