package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Text;
import java.util.Optional;

/// A comparison that an index may answer: an attribute of the core schema equals a text.
///
/// @param attribute its name, with the sub-attribute if there is one
record IndexedEquality(String attribute, String value) {

  static Optional<IndexedEquality> of(Filter filter) {
    if (filter instanceof Filter.Compare(var path, var operator, Text(var value))
        && operator == Filter.Operator.EQ
        && path.extension().isEmpty()) {
      var part = path.part().map(one -> "." + one.name()).orElse("");
      return Optional.of(new IndexedEquality(path.attribute().name() + part, value));
    }
    return Optional.empty();
  }
}
