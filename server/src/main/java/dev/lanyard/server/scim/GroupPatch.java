package dev.lanyard.server.scim;

import dev.lanyard.server.scim.GroupMembers.Kind;
import dev.lanyard.server.scim.PatchRequest.Op;
import dev.lanyard.server.scim.PatchRequest.Operation;
import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Text;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Applies a `PATCH` to a group where it is kept: one member more or less of a hundred thousand
/// costs one row.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.5.2 RFC 7644 §3.5.2
final class GroupPatch {
  private final GroupEdit edit;
  private final Naming naming;
  private final Intake intake;
  private final Compatibility compatibility;

  GroupPatch(GroupEdit edit, Naming naming, Intake intake, ScimConnection connection) {
    this.edit = edit;
    this.naming = naming;
    this.intake = intake;
    this.compatibility = connection.compatibility();
  }

  /// Finds the name that a group is given.
  interface Naming {
    /// @throws ScimRefusal if there is none, or it is none that the connection may keep
    String of(Complex named) throws ScimRefusal;
  }

  void apply(PatchRequest request) throws SQLException, ScimRefusal {
    for (var operation : request.operations()) {
      apply(operation);
    }
  }

  private void apply(Operation operation) throws SQLException, ScimRefusal {
    if (operation.path().isEmpty()) {
      withoutPath(operation);
      return;
    }
    var path = FilterParser.knownPath(operation.path().get(), ResourceType.GROUP, compatibility);
    if (path.orElse(null) instanceof PatchPath.Target(var target, var filter)) {
      at(target, filter, operation.op(), operation.value());
    }
  }

  private void withoutPath(Operation operation) throws SQLException, ScimRefusal {
    if (compatibility.isMinimal()) {
      throw ScimRefusal.invalidSyntax("this profile takes no operation without a path");
    }
    if (operation.op() == Op.REMOVE) {
      throw ScimRefusal.noTarget("what to remove needs a path");
    }
    if (!(operation.value().orElse(Complex.EMPTY) instanceof Complex values)) {
      throw ScimRefusal.invalidValue("a value without a path is an object");
    }
    for (var member : values.members().entrySet()) {
      // The id that Okta sends along is ours to say, and overlooked (SCIM-O6).
      var attribute = ResourceType.GROUP.attribute(member.getKey());
      if (attribute.isPresent() && !attribute.get().isReadOnly()) {
        var path = new AttributePath(Optional.empty(), attribute.get(), Optional.empty());
        at(path, Optional.empty(), operation.op(), Optional.of(member.getValue()));
      }
    }
  }

  private void at(AttributePath path, Optional<Filter> filter, Op op, Optional<Value> value)
      throws SQLException, ScimRefusal {
    if (path.attribute().isReadOnly()) {
      throw ScimRefusal.mutability("'" + path.attribute().name() + "' is read-only");
    }
    if (path.part().isPresent()) {
      throw ScimRefusal.mutability("a member is added or removed, never changed");
    }
    switch (path.attribute().name()) {
      case "displayName" -> rename(op, value);
      case "externalId" -> edit.externalId(op == Op.REMOVE ? Optional.empty() : text(path, value));
      case "members" -> members(filter, op, value);
      default -> throw new IllegalStateException("a group has no other attributes");
    }
  }

  private void rename(Op op, Optional<Value> value) throws ScimRefusal {
    if (op == Op.REMOVE) {
      throw ScimRefusal.mutability("'displayName' cannot be removed");
    }
    var attribute = ResourceType.GROUP.attribute("displayName").orElseThrow();
    var sent = intake.value(attribute, value.orElse(Complex.EMPTY));
    edit.rename(naming.of(Complex.of("displayName", sent)));
  }

  private Optional<String> text(AttributePath path, Optional<Value> value) throws ScimRefusal {
    return value.isPresent()
            && intake.value(path.attribute(), value.get()) instanceof Text(var text)
        ? Optional.of(text)
        : Optional.empty();
  }

  private void members(Optional<Filter> filter, Op op, Optional<Value> value)
      throws SQLException, ScimRefusal {
    switch (op) {
      case REMOVE -> edit.removeMembers(doomed(filter, value));
      case ADD -> edit.addMembers(sent(filter, value));
      case REPLACE -> edit.replaceMembers(sent(filter, value));
    }
  }

  private Map<String, Optional<Kind>> sent(Optional<Filter> filter, Optional<Value> value)
      throws ScimRefusal {
    if (filter.isPresent()) {
      throw ScimRefusal.mutability("a member is added or removed, never changed");
    }
    var attribute = ResourceType.GROUP.attribute("members").orElseThrow();
    var values = new ArrayList<Complex>();
    for (var one : intake.value(attribute, value.orElse(Complex.EMPTY)).elements()) {
      if (!one.isEmpty()) {
        values.add((Complex) one);
      }
    }
    return GroupMembers.sent(values);
  }

  /// All of them, those whom the filter describes (SCIM-O7), or those in the list (SCIM-E3).
  private Set<String> doomed(Optional<Filter> filter, Optional<Value> value) throws SQLException {
    if (filter.isPresent()) {
      return described(filter.get());
    }
    if (value.isEmpty()) {
      return everything();
    }
    var listed = new HashSet<String>();
    value.get().elements().forEach(one -> Patch.identity(one).ifPresent(listed::add));
    return listed;
  }

  private Set<String> everything() throws SQLException {
    var all = new HashSet<String>();
    edit.members().forEach(member -> all.add(member.id()));
    return all;
  }

  private Set<String> described(Filter filter) throws SQLException {
    if (filter instanceof Filter.Compare(var path, var operator, Text(var id))
        && operator == Filter.Operator.EQ
        && path.attribute().name().equals("value")) {
      return Set.of(id);
    }
    var described = new HashSet<String>();
    for (var member : edit.members()) {
      var shown = Complex.EMPTY.with("value", member.id()).with("type", member.kind().title());
      if (filter.matches(shown)) {
        described.add(member.id());
      }
    }
    return described;
  }
}
