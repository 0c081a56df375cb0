package dev.lanyard.server.catalog;

import dev.lanyard.protocol.json.JsonObject;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/// Everything that was said of one connector or identity provider. What was said last holds; two
/// who say different things of the same day contradict each other, and then nobody knows.
///
/// @param all the oldest first
public record Statements(List<Statement> all) {
  public Statements {
    all = all.stream().sorted(Comparator.comparing(Statement::on)).toList();
  }

  /// How far it was.
  public sealed interface Status {
    /// @param by the newest statement that says so
    record Known(Bucket bucket, Statement by) implements Status {}

    /// @param reason why nobody can tell
    record Unknown(String reason) implements Status {}
  }

  /// A fact with who said so.
  ///
  /// @param value as the file has it: what [Fact] it is tells how to read it
  public record Said(String value, Statement by) {}

  Statements with(List<Statement> more) {
    var both = new ArrayList<>(all);
    both.addAll(more);
    return new Statements(both);
  }

  /// The newest statement up to this day.
  public Optional<Statement> latest(LocalDate day) {
    return all.stream().filter(one -> !one.on().isAfter(day)).reduce((_, later) -> later);
  }

  /// How far it was at the end of this day.
  public Status status(LocalDate day) {
    var newest = newest(day, one -> one.bucket().isPresent());
    if (newest.isEmpty()) {
      return new Status.Unknown("nobody had said how far it is");
    }
    return contradiction(newest, Statement::bucket)
        .<Status>map(Status.Unknown::new)
        .orElseGet(
            () -> new Status.Known(newest.getLast().bucket().orElseThrow(), newest.getLast()));
  }

  /// What was said of a fact last, up to this day; empty if nothing was, or two contradict.
  public Optional<Said> fact(Fact fact, LocalDate day) {
    var newest = newest(day, one -> one.facts().containsKey(fact));
    return newest.isEmpty()
            || contradiction(newest, one -> one.facts().getOrDefault(fact, "")).isPresent()
        ? Optional.empty()
        : Optional.of(new Said(newest.getLast().facts().getOrDefault(fact, ""), newest.getLast()));
  }

  /// Every contradiction that there is, with the places of both.
  public List<String> contradictions() {
    var found = new ArrayList<String>();
    for (var day : all.stream().map(Statement::on).distinct().toList()) {
      var said = all.stream().filter(one -> one.on().equals(day)).toList();
      var of = said.stream().filter(one -> one.bucket().isPresent()).toList();
      contradiction(of, Statement::bucket).ifPresent(found::add);
      for (var fact : Fact.values()) {
        var about = said.stream().filter(one -> one.facts().containsKey(fact)).toList();
        contradiction(about, one -> one.facts().getOrDefault(fact, ""))
            .map(text -> fact.value() + ": " + text)
            .ifPresent(found::add);
      }
    }
    return found;
  }

  /// The statements of the newest day that has such.
  private List<Statement> newest(LocalDate day, Predicate<Statement> such) {
    var candidates = all.stream().filter(one -> !one.on().isAfter(day)).filter(such).toList();
    return candidates.stream().filter(one -> one.on().equals(candidates.getLast().on())).toList();
  }

  private static Optional<String> contradiction(
      List<Statement> said, Function<Statement, Object> of) {
    return said.stream()
        .filter(one -> !of.apply(one).equals(of.apply(said.getFirst())))
        .findFirst()
        .map(other ->
            "%s says '%s' and %s says '%s' of the same day, %s"
                .formatted(
                    said.getFirst().origin(),
                    said.getFirst().what(),
                    other.origin(),
                    other.what(),
                    other.on()));
  }

  List<JsonObject> toJson() {
    return all.stream().map(Statement::toJson).toList();
  }
}
