package dev.lanyard.benchmarks.kill;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;

/// Access tokens that were issued while people were being killed: whatever a kill raced with must
/// be dead when it is over. Thread-safe.
final class LastMoment {
  private static final Pattern TOKEN = Pattern.compile("\"access_token\":\"([^\"]+)\"");

  private final ConcurrentLinkedQueue<Issued> issued = new ConcurrentLinkedQueue<>();
  private final int mostPerson;

  /// @param mostPerson of people with a higher number nothing is kept: they are never killed
  LastMoment(int mostPerson) {
    this.mostPerson = mostPerson;
  }

  private record Issued(int person, String token) {}

  void note(int person, String answer) {
    if (person < mostPerson) {
      var token = TOKEN.matcher(answer);
      if (token.find()) {
        issued.add(new Issued(person, token.group(1)));
      }
    }
  }

  /// The tokens of people who are dead now.
  List<String> ofKilled(Kills kills) {
    var tokens = new ArrayList<String>();
    for (var one : issued) {
      if (kills.isKilled(one.person())) {
        tokens.add(one.token());
      }
    }
    return tokens;
  }
}
