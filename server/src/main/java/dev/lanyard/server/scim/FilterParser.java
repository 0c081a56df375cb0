package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Filter.Among;
import dev.lanyard.server.scim.Filter.And;
import dev.lanyard.server.scim.Filter.Compare;
import dev.lanyard.server.scim.Filter.Not;
import dev.lanyard.server.scim.Filter.Operator;
import dev.lanyard.server.scim.Filter.Or;
import dev.lanyard.server.scim.Filter.Present;
import dev.lanyard.server.scim.Value.Flag;
import dev.lanyard.server.scim.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Understands filters and the paths of `PATCH`. What it takes is bounded in length, in depth and
/// in the number of comparisons, so that no filter costs more than a page of people. Not
/// thread-safe.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.4.2.2 RFC 7644 §3.4.2.2
final class FilterParser {
  private static final int LONGEST = 8 * 1024;
  private static final int MOST_COMPARISONS = 100;
  private static final int DEEPEST = 16;

  private final FilterText text;
  private final ResourceType type;
  private final Compatibility compatibility;
  private int comparisons;
  private int depth;

  private FilterParser(String text, ResourceType type, Compatibility compatibility) {
    this.text = new FilterText(text);
    this.type = type;
    this.compatibility = compatibility;
  }

  /// @throws ScimRefusal `invalidFilter`
  static Filter filter(String text, ResourceType type, Compatibility compatibility)
      throws ScimRefusal {
    if (text.length() > LONGEST) {
      throw ScimRefusal.invalidFilter("the filter is too long");
    }
    var parser = new FilterParser(text, type, compatibility);
    var filter = parser.or(Optional.empty());
    parser.end();
    if (compatibility.isMinimal() && !filter.isMinimal()) {
      throw ScimRefusal.invalidFilter("this profile takes filters of 'eq' and 'and' only");
    }
    return filter;
  }

  /// @throws ScimRefusal `invalidPath`, or `invalidFilter` about the filter in it
  static PatchPath path(String text, ResourceType type, Compatibility compatibility)
      throws ScimRefusal {
    if (text.length() > LONGEST) {
      throw ScimRefusal.invalidPath("the path is too long");
    }
    var extension = type.extension(text);
    if (extension.isPresent()) {
      return new PatchPath.Extension(extension.get());
    }
    var parser = new FilterParser(text, type, compatibility);
    var path =
        parser
            .resolve(parser.text.name(), Optional.empty())
            .orElseThrow(() -> ScimRefusal.invalidPath("the path names no attribute"));
    if (!parser.text.take('[')) {
      parser.end();
      return new PatchPath.Target(path, Optional.empty());
    }
    var inner = parser.inner(path);
    var part = parser.text.take('.') ? Optional.of(parser.part(path)) : Optional.<Attribute>empty();
    parser.end();
    return new PatchPath.Target(
        new AttributePath(path.extension(), path.attribute(), part), Optional.of(inner));
  }

  /// The same; empty if it names what is not in the schema and the profile overlooks that: what
  /// else the request says may be that somebody leaves.
  static Optional<PatchPath> knownPath(String text, ResourceType type, Compatibility compatibility)
      throws ScimRefusal {
    try {
      return Optional.of(path(text, type, compatibility));
    } catch (ScimRefusal e) {
      boolean isUnknown = e.type() == ScimRefusal.Type.INVALID_PATH && text.length() <= LONGEST;
      if (isUnknown && compatibility.isTolerant()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void end() throws ScimRefusal {
    if (!text.isAtEnd()) {
      throw ScimRefusal.invalidFilter("something follows what was understood");
    }
  }

  private Filter or(Optional<Attribute> scope) throws ScimRefusal {
    if (++depth > DEEPEST) {
      throw ScimRefusal.invalidFilter("the filter is nested too deeply");
    }
    var any = new ArrayList<>(List.of(and(scope)));
    while (text.takeWord("or")) {
      any.add(and(scope));
    }
    depth--;
    return any.size() == 1 ? any.getFirst() : new Or(List.copyOf(any));
  }

  private Filter and(Optional<Attribute> scope) throws ScimRefusal {
    var all = new ArrayList<>(List.of(term(scope)));
    while (text.takeWord("and")) {
      all.add(term(scope));
    }
    return all.size() == 1 ? all.getFirst() : new And(List.copyOf(all));
  }

  private Filter term(Optional<Attribute> scope) throws ScimRefusal {
    if (text.take('(')) {
      return closed(scope);
    }
    if (text.takeNot()) {
      return new Not(closed(scope));
    }
    return comparison(scope);
  }

  private Filter closed(Optional<Attribute> scope) throws ScimRefusal {
    var filter = or(scope);
    if (!text.take(')')) {
      throw ScimRefusal.invalidFilter("a bracket is not closed");
    }
    return filter;
  }

  private Filter comparison(Optional<Attribute> scope) throws ScimRefusal {
    if (++comparisons > MOST_COMPARISONS) {
      throw ScimRefusal.invalidFilter("the filter compares too often");
    }
    var path =
        resolve(text.name(), scope)
            .orElseThrow(() -> ScimRefusal.invalidFilter("the filter names no attribute"));
    if (!text.take('[')) {
      return compared(path);
    }
    if (scope.isPresent()) {
      throw ScimRefusal.invalidFilter("a value path has no value path in it");
    }
    var inner = inner(path);
    if (!text.take('.')) {
      return new Among(path, inner);
    }
    // Not in the grammar, but what Entra asks: emails[type eq "work"].value eq "x".
    var part = new AttributePath(Optional.empty(), part(path), Optional.empty());
    return new Among(path, new And(List.of(inner, compared(part))));
  }

  private Filter inner(AttributePath path) throws ScimRefusal {
    if (path.attribute().parts().isEmpty() || path.part().isPresent()) {
      throw ScimRefusal.invalidFilter("only a complex attribute has values to choose from");
    }
    var inner = or(Optional.of(path.attribute()));
    if (!text.take(']')) {
      throw ScimRefusal.invalidFilter("a bracket is not closed");
    }
    return inner;
  }

  private Attribute part(AttributePath path) throws ScimRefusal {
    return path.attribute()
        .part(text.name())
        .orElseThrow(() -> ScimRefusal.invalidPath("the path names no sub-attribute"));
  }

  private Filter compared(AttributePath path) throws ScimRefusal {
    var word = text.word().toLowerCase(Locale.ROOT);
    if (word.equals("pr")) {
      return new Present(path);
    }
    var operator = operator(word);
    var compared = comparable(path);
    if (text.takeWord("null")) {
      return switch (operator) {
        case EQ -> new Not(new Present(compared));
        case NE -> new Present(compared);
        default -> throw ScimRefusal.invalidFilter("null is only equal or not");
      };
    }
    return new Compare(compared, operator, literal(compared.target(), operator));
  }

  private static Operator operator(String word) throws ScimRefusal {
    return switch (word) {
      case "eq" -> Operator.EQ;
      case "ne" -> Operator.NE;
      case "co" -> Operator.CO;
      case "sw" -> Operator.SW;
      case "ew" -> Operator.EW;
      case "gt" -> Operator.GT;
      case "lt" -> Operator.LT;
      case "ge" -> Operator.GE;
      case "le" -> Operator.LE;
      default -> throw ScimRefusal.invalidFilter("an operator is missing or unknown");
    };
  }

  /// Who compares a complex attribute means its value: `members eq "id"`.
  private static AttributePath comparable(AttributePath path) throws ScimRefusal {
    if (path.target().kind() != Attribute.Kind.COMPLEX || path.target().parts().isEmpty()) {
      return path;
    }
    var value =
        path.attribute()
            .part("value")
            .orElseThrow(() -> ScimRefusal.invalidFilter("a complex attribute is compared"));
    return new AttributePath(path.extension(), path.attribute(), Optional.of(value));
  }

  private Value literal(Attribute attribute, Operator operator) throws ScimRefusal {
    var literal = text.literal(compatibility.isTolerant());
    if (attribute.kind() == Attribute.Kind.BOOLEAN) {
      if (operator != Operator.EQ && operator != Operator.NE) {
        throw ScimRefusal.invalidFilter("a boolean is only equal or not");
      }
      return flag(literal);
    }
    return switch (literal) {
      case Text text -> text;
      case Flag(var on) when compatibility.isTolerant() -> new Text(Boolean.toString(on));
      case Value.Number(var number) when compatibility.isTolerant() ->
          new Text(number.toPlainString());
      default -> throw ScimRefusal.invalidFilter("a string is needed to compare with a string");
    };
  }

  private Flag flag(Value literal) throws ScimRefusal {
    if (literal instanceof Flag flag) {
      return flag;
    }
    if (literal instanceof Text(var word) && compatibility.isTolerant()) {
      if (word.equalsIgnoreCase("true") || word.equalsIgnoreCase("false")) {
        return new Flag(word.equalsIgnoreCase("true"));
      }
    }
    throw ScimRefusal.invalidFilter("true or false is needed to compare with a boolean");
  }

  /// @param scope the attribute whose values a value path chooses from
  private Optional<AttributePath> resolve(String name, Optional<Attribute> scope) {
    if (scope.isPresent()) {
      return scope
          .get()
          .part(name)
          .map(part -> new AttributePath(Optional.empty(), part, Optional.empty()));
    }
    var schema = type.schemaOf(name);
    if (schema.isEmpty()) {
      return core(name);
    }
    var rest = name.substring(Math.min(name.length(), schema.get().id().length() + 1));
    if (schema.get().equals(type.core())) {
      return core(rest);
    }
    var names = rest.split("\\.", 2);
    return schema
        .get()
        .attribute(names[0])
        .flatMap(attribute -> withPart(Optional.of(schema.get()), attribute, names));
  }

  private Optional<AttributePath> core(String name) {
    var names = name.split("\\.", 2);
    return type.attribute(names[0])
        .flatMap(attribute -> withPart(Optional.empty(), attribute, names));
  }

  private static Optional<AttributePath> withPart(
      Optional<Schema> extension, Attribute attribute, String[] names) {
    if (names.length == 1) {
      return Optional.of(new AttributePath(extension, attribute, Optional.empty()));
    }
    return attribute
        .part(names[1])
        .map(part -> new AttributePath(extension, attribute, Optional.of(part)));
  }
}
