package dev.lanyard.suite;

import dev.lanyard.suite.Report.Finding;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The checks of one kind of server, in the order in which they are made.
///
/// One of them is the foundation: that the server does at all what it is for. A server that refuses
/// everything would pass every check of a refusal, so without the foundation nothing that comes
/// after it is made.
///
/// @param <B> what the checks are made with
public final class Suite<B> {
  private final String name;
  private final Check<B> foundation;
  private final List<Check<B>> checks;

  /// @param before what says something even about a server that does nothing right
  /// @param after what says something only if the foundation holds
  /// @throws IllegalArgumentException if two checks have one name
  public Suite(String name, List<Check<B>> before, Check<B> foundation, List<Check<B>> after) {
    this.name = name;
    this.foundation = foundation;
    var all = new ArrayList<>(before);
    all.add(foundation);
    all.addAll(after);
    this.checks = List.copyOf(all);
    var names = new HashSet<String>();
    for (var check : checks) {
      if (!names.add(check.name())) {
        throw new IllegalArgumentException("two checks are called " + check.name());
      }
    }
  }

  /// The same with fewer checks: those of these names, and the foundation.
  ///
  /// @throws IllegalArgumentException if there is no check of a name
  public Suite<B> only(Set<String> names) {
    var known = checks.stream().map(Check::name).collect(Collectors.toSet());
    if (!known.containsAll(names)) {
      throw new IllegalArgumentException("there are not all of these checks: " + names);
    }
    int at = checks.indexOf(foundation);
    return new Suite<>(
        name,
        checks.subList(0, at).stream().filter(check -> names.contains(check.name())).toList(),
        foundation,
        checks.subList(at + 1, checks.size()).stream()
            .filter(check -> names.contains(check.name()))
            .toList());
  }

  /// Makes every check. A check whose requests fail has failed, and the next one is made.
  ///
  /// @param server whose report it will be
  /// @param onFinding told of each finding as it is made
  /// @throws InterruptedException if the thread is interrupted: that is no verdict on the server
  public Report run(String server, B bench, InstantSource clock, Consumer<Finding> onFinding)
      throws InterruptedException {
    var at = clock.instant();
    var findings = new ArrayList<Finding>();
    boolean stands = true;
    for (var check : checks) {
      var outcome = stands ? outcome(check, bench) : withoutFoundation();
      stands &= !(check.equals(foundation) && outcome instanceof Outcome.Failed);
      var finding =
          new Finding(check.name(), check.level(), check.sentence(), check.requirements(), outcome);
      findings.add(finding);
      onFinding.accept(finding);
    }
    return new Report(name, server, at, findings);
  }

  private Outcome withoutFoundation() {
    return new Outcome.NotApplicable(foundation.name() + " failed, so this would say nothing");
  }

  private static <B> Outcome outcome(Check<B> check, B bench) throws InterruptedException {
    try {
      return check.trial().of(bench);
    } catch (UnusableAnswer e) {
      return new Outcome.Failed("an answer", String.valueOf(e.getMessage()));
    }
  }
}
