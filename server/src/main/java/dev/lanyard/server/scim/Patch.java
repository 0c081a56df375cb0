package dev.lanyard.server.scim;

import dev.lanyard.server.scim.PatchRequest.Op;
import dev.lanyard.server.scim.PatchRequest.Operation;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import dev.lanyard.server.scim.Value.Text;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// Applies a `PATCH` to a resource in memory. Groups have a way of their own, because their members
/// do not come to memory.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.5.2 RFC 7644 §3.5.2
final class Patch {
  private final ResourceType type;
  private final Compatibility compatibility;
  private final Intake intake;

  Patch(ResourceType type, Compatibility compatibility) {
    this.type = type;
    this.compatibility = compatibility;
    this.intake = new Intake(type, compatibility);
  }

  Complex apply(PatchRequest request, Complex resource) throws ScimRefusal {
    var patched = resource;
    for (var operation : request.operations()) {
      patched = apply(operation, patched);
    }
    return intake.checked(patched);
  }

  Complex apply(Operation operation, Complex resource) throws ScimRefusal {
    if (operation.path().isEmpty()) {
      return withoutPath(operation, resource);
    }
    var path = FilterParser.knownPath(operation.path().get(), type, compatibility);
    return path.isPresent()
        ? at(path.get(), operation.op(), operation.value(), resource)
        : resource;
  }

  /// The value is an object whose names are attributes, or paths, as Entra sends them (SCIM-E4).
  private Complex withoutPath(Operation operation, Complex resource) throws ScimRefusal {
    if (compatibility.isMinimal()) {
      throw ScimRefusal.invalidSyntax("this profile takes no operation without a path");
    }
    if (operation.op() == Op.REMOVE) {
      throw ScimRefusal.noTarget("what to remove needs a path");
    }
    if (!(operation.value().orElse(Complex.EMPTY) instanceof Complex values)) {
      throw ScimRefusal.invalidValue("a value without a path is an object");
    }
    var patched = resource;
    for (var member : values.members().entrySet()) {
      var path = named(member.getKey());
      if (path.isPresent()) {
        var value = Optional.of(member.getValue());
        patched = at(path.get(), operation.op(), value, patched);
      }
    }
    return patched;
  }

  /// Empty for what only we may say, such as the `id` that Okta repeats (SCIM-O6), and for what is
  /// not in the schema.
  private Optional<PatchPath> named(String name) throws ScimRefusal {
    if (name.equalsIgnoreCase("password") && compatibility.refusesPasswords()) {
      throw ScimRefusal.invalidValue("no password is taken");
    }
    try {
      var path = FilterParser.path(name, type, compatibility);
      return path instanceof PatchPath.Target(var target, _) && target.attribute().isReadOnly()
          ? Optional.empty()
          : Optional.of(path);
    } catch (ScimRefusal e) {
      if (compatibility.isTolerant()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Complex at(PatchPath path, Op op, Optional<Value> value, Complex resource)
      throws ScimRefusal {
    return switch (path) {
      case PatchPath.Extension(var schema) -> extension(schema, op, value, resource);
      case PatchPath.Target(var target, var filter) -> {
        if (target.target().isReadOnly() || target.attribute().isReadOnly()) {
          throw ScimRefusal.mutability("'" + target.attribute().name() + "' is read-only");
        }
        var schema = target.extension();
        if (schema.isEmpty()) {
          yield changed(resource, new Change(target, filter, op, value));
        }
        var container = container(resource, schema.get());
        yield resource.with(
            schema.get().id(), changed(container, new Change(target, filter, op, value)));
      }
    };
  }

  private static Complex container(Complex resource, Schema schema) {
    return resource.get(schema.id()).map(Complex.class::cast).orElse(Complex.EMPTY);
  }

  private Complex extension(Schema schema, Op op, Optional<Value> value, Complex resource)
      throws ScimRefusal {
    if (op == Op.REMOVE) {
      return resource.without(schema.id());
    }
    var sent = intake.extension(schema, value.orElse(Complex.EMPTY));
    return resource.with(schema.id(), container(resource, schema).over(sent));
  }

  private record Change(AttributePath path, Optional<Filter> filter, Op op, Optional<Value> value) {
    Attribute attribute() {
      return path.attribute();
    }
  }

  private Complex changed(Complex container, Change change) throws ScimRefusal {
    var attribute = change.attribute();
    if (change.filter().isPresent()) {
      return chosen(container, change, change.filter().get());
    }
    if (change.path().part().isPresent()) {
      return part(container, change, change.path().part().get());
    }
    if (change.op() == Op.REMOVE) {
      return removed(container, change);
    }
    var value = intake.value(attribute, change.value().orElse(Complex.EMPTY));
    if (attribute.many() && change.op() == Op.ADD) {
      return container.with(attribute.name(), appended(container, attribute, value));
    }
    if (attribute.kind() == Attribute.Kind.COMPLEX && !attribute.many()) {
      var current = container.get(attribute.name()).map(Complex.class::cast).orElse(Complex.EMPTY);
      return container.with(attribute.name(), current.over((Complex) value));
    }
    requireKept(attribute, value.isEmpty());
    return container.with(attribute.name(), value);
  }

  private static Items appended(Complex container, Attribute attribute, Value more) {
    var current = container.complexes(attribute.name());
    var added = more.elements();
    var primaryComes =
        added.stream().anyMatch(value -> value instanceof Complex c && Intake.isPrimary(c));
    var kept = primaryComes ? withoutPrimary(current) : List.<Value>copyOf(current);
    return new Items(kept).plus(added);
  }

  /// A new primary value takes the place of the old one.
  private static List<Value> withoutPrimary(List<? extends Value> values) {
    return values.stream()
        .<Value>map(value ->
            value instanceof Complex c && Intake.isPrimary(c) ? c.with("primary", false) : value)
        .toList();
  }

  private static Complex removed(Complex container, Change change) throws ScimRefusal {
    var attribute = change.attribute();
    requireKept(attribute, true);
    if (!attribute.many() || change.value().isEmpty()) {
      return container.without(attribute.name());
    }
    // Entra lists the values to remove (SCIM-E3).
    var doomed = new HashSet<String>();
    for (var value : change.value().get().elements()) {
      identity(value).ifPresent(doomed::add);
    }
    var kept =
        container.complexes(attribute.name()).stream()
            .filter(value -> value.text("value").filter(doomed::contains).isEmpty())
            .toList();
    return container.with(attribute.name(), new Items(List.copyOf(kept)));
  }

  static Optional<String> identity(Value value) {
    return switch (value) {
      case Text(var text) -> Optional.of(text);
      case Complex complex -> complex.text("value");
      default -> Optional.empty();
    };
  }

  /// Without a user name nobody is known; and whether somebody is active is never left open.
  private static void requireKept(Attribute attribute, boolean removed) throws ScimRefusal {
    if (removed && (attribute.name().equals("userName") || attribute.name().equals("active"))) {
      throw ScimRefusal.mutability("'" + attribute.name() + "' cannot be removed");
    }
  }

  private Complex part(Complex container, Change change, Attribute part) throws ScimRefusal {
    var attribute = change.attribute();
    if (!attribute.many()) {
      var current = container.get(attribute.name()).map(Complex.class::cast).orElse(Complex.EMPTY);
      return container.with(attribute.name(), withPart(current, part, change));
    }
    var values = container.complexes(attribute.name());
    if (values.isEmpty() && change.op() != Op.REMOVE) {
      values = List.of(Complex.EMPTY);
    }
    var changed = new ArrayList<Value>();
    for (var value : values) {
      changed.add(withPart(value, part, change));
    }
    return container.with(attribute.name(), new Items(nonEmpty(changed)));
  }

  private Complex withPart(Complex value, Attribute part, Change change) throws ScimRefusal {
    if (change.op() == Op.REMOVE || change.value().isEmpty()) {
      return value.without(part.name());
    }
    return value.with(part.name(), intake.value(part, change.value().get()));
  }

  private static List<Value> nonEmpty(List<Value> values) {
    return values.stream().filter(value -> !value.isEmpty()).toList();
  }

  private Complex chosen(Complex container, Change change, Filter filter) throws ScimRefusal {
    var attribute = change.attribute();
    var values = new ArrayList<Value>();
    var chosen = new ArrayList<Integer>();
    for (var value : container.complexes(attribute.name())) {
      if (filter.matches(value)) {
        chosen.add(values.size());
        values.add(changedValue(value, change));
      } else {
        values.add(value);
      }
    }
    if (chosen.isEmpty()) {
      if (change.op() == Op.REMOVE) {
        return container;
      }
      chosen.add(values.size());
      values.add(changedValue(described(filter), change));
    }
    return container.with(attribute.name(), new Items(nonEmpty(withOnePrimary(values, chosen))));
  }

  private Value changedValue(Complex value, Change change) throws ScimRefusal {
    if (change.path().part().isPresent()) {
      return withPart(value, change.path().part().get(), change);
    }
    if (change.op() == Op.REMOVE) {
      return Complex.EMPTY;
    }
    var sent = intake.element(change.attribute(), change.value().orElse(Complex.EMPTY));
    return change.op() == Op.ADD ? value.over((Complex) sent) : sent;
  }

  private static List<Value> withOnePrimary(List<Value> values, List<Integer> chosen) {
    var becomesPrimary =
        chosen.size() == 1
            && values.get(chosen.getFirst()) instanceof Complex c
            && Intake.isPrimary(c);
    if (!becomesPrimary) {
      return values;
    }
    var others = withoutPrimary(values);
    var all = new ArrayList<>(others);
    all.set(chosen.getFirst(), values.get(chosen.getFirst()));
    return all;
  }

  /// The value that a filter describes, for a provider that expects it to be made (SCIM-E5).
  private Complex described(Filter filter) throws ScimRefusal {
    if (!compatibility.createsWhatIsMissing()) {
      throw ScimRefusal.noTarget("the path matches no value");
    }
    var value = Complex.EMPTY;
    for (var one : filter.conjuncts()) {
      if (!(one instanceof Filter.Compare(var path, var operator, var literal))
          || operator != Filter.Operator.EQ) {
        throw ScimRefusal.noTarget("the path matches no value, and does not describe one");
      }
      value = value.with(path.attribute().name(), literal);
    }
    return value;
  }
}
