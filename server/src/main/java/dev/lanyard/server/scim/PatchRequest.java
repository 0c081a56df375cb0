package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// The body of a `PATCH`: operations that all take place, or none.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7644.html#section-3.5.2 RFC 7644 §3.5.2
record PatchRequest(List<Operation> operations) {
  private static final String SCHEMA = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
  private static final int MOST_OPERATIONS = 1000;

  /// @param path as it was sent; what it means depends on the resource
  record Operation(Op op, Optional<String> path, Optional<Value> value) {}

  enum Op {
    ADD,
    REMOVE,
    REPLACE
  }

  static PatchRequest of(Complex body) throws ScimRefusal {
    var isPatch =
        body.get("schemas").map(Value::elements).orElse(List.of()).stream()
            .anyMatch(value -> value instanceof Text(var id) && id.equalsIgnoreCase(SCHEMA));
    if (!isPatch) {
      throw ScimRefusal.invalidSyntax("'schemas' does not name " + SCHEMA);
    }
    var sent = body.get("Operations").map(Value::elements).orElse(List.of());
    if (sent.isEmpty()) {
      throw ScimRefusal.invalidSyntax("there are no operations");
    }
    if (sent.size() > MOST_OPERATIONS) {
      throw ScimRefusal.of(413, "there are more than " + MOST_OPERATIONS + " operations");
    }
    var operations = new ArrayList<Operation>();
    for (var one : sent) {
      operations.add(operation(one));
    }
    return new PatchRequest(List.copyOf(operations));
  }

  private static Operation operation(Value sent) throws ScimRefusal {
    if (!(sent instanceof Complex complex)) {
      throw ScimRefusal.invalidSyntax("an operation is an object");
    }
    var path = complex.get("path");
    if (path.isPresent() && !(path.get() instanceof Text)) {
      throw ScimRefusal.invalidPath("a path is a string");
    }
    var op = op(complex.text("op").orElse(""));
    var value = complex.get("value");
    var target = complex.text("path").filter(text -> !text.isEmpty());
    if (op != Op.REMOVE && value.isEmpty() && !complex.members().containsKey("value")) {
      // Replaced by null: the attribute has no value any more (RFC 7643 §2.5).
      if (op == Op.REPLACE && target.isPresent()) {
        return new Operation(Op.REMOVE, target, Optional.empty());
      }
      throw ScimRefusal.invalidSyntax("an operation has no value");
    }
    return new Operation(op, target, value);
  }

  /// In whatever case (SCIM-E1).
  private static Op op(String name) throws ScimRefusal {
    return switch (name.toLowerCase(Locale.ROOT)) {
      case "add" -> Op.ADD;
      case "remove" -> Op.REMOVE;
      case "replace" -> Op.REPLACE;
      default -> throw ScimRefusal.invalidSyntax("an operation is none of add, remove, replace");
    };
  }
}
