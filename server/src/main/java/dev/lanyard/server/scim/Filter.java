package dev.lanyard.server.scim;

import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Flag;
import dev.lanyard.server.scim.Value.Text;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/// A question about a resource that was understood: every name in it is an attribute of the schema,
/// and every comparison one that its type has.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.4.2.2 RFC 7644 §3.4.2.2
sealed interface Filter {
  record And(List<Filter> all) implements Filter {}

  record Or(List<Filter> any) implements Filter {}

  record Not(Filter filter) implements Filter {}

  record Present(AttributePath path) implements Filter {}

  record Compare(AttributePath path, Operator operator, Value literal) implements Filter {}

  /// Whether one value of the attribute is as the inner filter says.
  record Among(AttributePath path, Filter inner) implements Filter {}

  enum Operator {
    EQ,
    NE,
    CO,
    SW,
    EW,
    GT,
    LT,
    GE,
    LE
  }

  /// @param scope a resource, or one value of a complex attribute in a value path
  default boolean matches(Complex scope) {
    return switch (this) {
      case And(var all) -> all.stream().allMatch(filter -> filter.matches(scope));
      case Or(var any) -> any.stream().anyMatch(filter -> filter.matches(scope));
      case Not(var filter) -> !filter.matches(scope);
      case Present(var path) -> path.in(scope).stream().anyMatch(value -> !value.isEmpty());
      case Compare(var path, var operator, var literal) ->
          operator == Operator.NE
              ? path.in(scope).stream().noneMatch(v -> holds(path, v, Operator.EQ, literal))
              : path.in(scope).stream().anyMatch(v -> holds(path, v, operator, literal));
      case Among(var path, var inner) ->
          path.in(scope).stream()
              .anyMatch(value -> value instanceof Complex complex && inner.matches(complex));
    };
  }

  private static boolean holds(AttributePath path, Value value, Operator operator, Value literal) {
    if (value instanceof Flag(var on)) {
      return literal instanceof Flag(var other) && on == other;
    }
    if (!(value instanceof Text(var text)) || !(literal instanceof Text(var sought))) {
      return false;
    }
    var attribute = path.target();
    if (attribute.kind() == Attribute.Kind.DATE_TIME) {
      var at = instant(text);
      var other = instant(sought);
      if (at.isPresent() && other.isPresent()) {
        return ordered(operator).test(at.get().compareTo(other.get()));
      }
    }
    return attribute.caseExact()
        ? holds(text, operator, sought)
        : holds(Directory.folded(text), operator, Directory.folded(sought));
  }

  private static boolean holds(String text, Operator operator, String sought) {
    return switch (operator) {
      case CO -> text.contains(sought);
      case SW -> text.startsWith(sought);
      case EW -> text.endsWith(sought);
      case EQ, NE, GT, LT, GE, LE -> ordered(operator).test(text.compareTo(sought));
    };
  }

  private static IntPredicate ordered(Operator operator) {
    return switch (operator) {
      case EQ -> order -> order == 0;
      case NE -> order -> order != 0;
      case GT -> order -> order > 0;
      case LT -> order -> order < 0;
      case GE -> order -> order >= 0;
      case LE -> order -> order <= 0;
      case CO, SW, EW -> _ -> false;
    };
  }

  private static Optional<Instant> instant(String text) {
    try {
      return Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      // The JDK has no other way to say that it is no date.
      return Optional.empty();
    }
  }

  /// What must hold, each by itself, for the whole to hold.
  default List<Filter> conjuncts() {
    if (!(this instanceof And(var all))) {
      return List.of(this);
    }
    var conjuncts = new ArrayList<Filter>();
    all.forEach(filter -> conjuncts.addAll(filter.conjuncts()));
    return conjuncts;
  }

  /// Whether it asks about this attribute of the core schema.
  default boolean asksAbout(String attribute) {
    return switch (this) {
      case And(var all) -> all.stream().anyMatch(filter -> filter.asksAbout(attribute));
      case Or(var any) -> any.stream().anyMatch(filter -> filter.asksAbout(attribute));
      case Not(var filter) -> filter.asksAbout(attribute);
      case Present(var path) -> path.attribute().name().equals(attribute);
      case Compare(var path, _, _) -> path.attribute().name().equals(attribute);
      case Among(var path, _) -> path.attribute().name().equals(attribute);
    };
  }

  /// Whether it uses nothing but `eq` and `and` (SCIM-P1).
  default boolean isMinimal() {
    return switch (this) {
      case And(var all) -> all.stream().allMatch(Filter::isMinimal);
      case Compare(_, var operator, _) -> operator == Operator.EQ;
      case Among(_, var inner) -> inner.isMinimal();
      case Or _, Not _, Present _ -> false;
    };
  }
}
