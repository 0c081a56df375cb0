package dev.lanyard.server.scim;

import dev.lanyard.server.scim.Value.Complex;
import dev.lanyard.server.scim.Value.Items;
import dev.lanyard.server.scim.Value.Text;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// People as a generator makes them, and patches that lead from one to another.
final class RandomUsers {
  private static final String ENTERPRISE = Schema.ENTERPRISE.id();

  private RandomUsers() {}

  static Complex user(Random random) {
    var user =
        Complex.EMPTY
            .with("schemas", Value.texts(List.of(Schema.USER.id())))
            .with("userName", "user" + random.nextInt(5))
            .with("active", random.nextBoolean());
    for (var name : List.of("title", "displayName", "nickName", "locale", "externalId")) {
      user = random.nextBoolean() ? user.with(name, word(random)) : user;
    }
    user = user.with("name", parts(random, List.of("familyName", "givenName", "formatted")));
    for (var name : List.of("emails", "phoneNumbers")) {
      var values = new ArrayList<Value>();
      for (var type : List.of("work", "home")) {
        if (random.nextBoolean()) {
          values.add(Complex.EMPTY.with("value", word(random) + "@x.example").with("type", type));
        }
      }
      user = user.with(name, new Items(values));
    }
    return user.with(ENTERPRISE, parts(random, List.of("department", "division")));
  }

  private static Complex parts(Random random, List<String> names) {
    var complex = Complex.EMPTY;
    for (var name : names) {
      complex = random.nextBoolean() ? complex.with(name, word(random)) : complex;
    }
    return complex;
  }

  private static String word(Random random) {
    return "w" + random.nextInt(1000);
  }

  /// What may be a name in a value without a path.
  enum Names {
    /// As the specification has it.
    OF_ATTRIBUTES,
    /// As Entra has it.
    PATHS
  }

  /// Operations that lead from one to the other, in any order.
  static String operations(Random random, Names names, Complex from, Complex to) {
    var operations = new ArrayList<String>();
    for (var attribute : Schema.USER.attributes()) {
      if (!attribute.isReadOnly()) {
        operations.addAll(operations(random, names, attribute.name(), attribute.name(), from, to));
      }
    }
    operations.addAll(operations(random, names, "externalId", "externalId", from, to));
    for (var attribute : Schema.ENTERPRISE.attributes()) {
      operations.addAll(
          operations(
              random,
              names,
              ENTERPRISE + ":" + attribute.name(),
              attribute.name(),
              extension(from),
              extension(to)));
    }
    Collections.shuffle(operations, random);
    return operations.isEmpty()
        ? "{\"op\": \"add\", \"value\": {}}"
        : String.join(", ", operations);
  }

  private static Complex extension(Complex user) {
    return user.get(ENTERPRISE).map(Complex.class::cast).orElse(Complex.EMPTY);
  }

  private static List<String> operations(
      Random random, Names names, String path, String name, Complex from, Complex to) {
    var before = from.get(name);
    var after = to.get(name);
    if (before.equals(after)) {
      return List.of();
    }
    var remove = "{\"op\": \"remove\", \"path\": \"" + path + "\"}";
    if (after.isEmpty()) {
      return List.of(remove);
    }
    var value = ScimJson.writeText(after.get());
    if (after.get() instanceof Complex complex) {
      // A replacement of a complex attribute leaves the parts that it does not name.
      var parts = new ArrayList<String>();
      ((Complex) before.orElse(Complex.EMPTY))
          .members()
          .keySet()
          .forEach(part -> {
            if (complex.get(part).isEmpty()) {
              parts.add("{\"op\": \"remove\", \"path\": \"" + path + "." + part + "\"}");
            }
          });
      parts.add(set(random, names, path, value));
      return parts;
    }
    return List.of(set(random, names, path, value));
  }

  private static String set(Random random, Names names, String path, String value) {
    var quoted = ScimJson.writeText(new Text(path));
    return random.nextBoolean() || (names == Names.OF_ATTRIBUTES && path.indexOf(':') >= 0)
        ? "{\"op\": \"replace\", \"path\": " + quoted + ", \"value\": " + value + "}"
        : "{\"op\": \"Replace\", \"value\": {" + quoted + ": " + value + "}}";
  }

  /// The same whatever the order of the attributes.
  static String sorted(Complex user) {
    return new TreeMap<>(user.members())
        .entrySet().stream()
            .map(entry ->
                entry.getKey()
                    + "="
                    + (entry.getValue() instanceof Complex complex
                        ? sorted(complex)
                        : ScimJson.writeText(entry.getValue())))
            .collect(Collectors.joining(", ", "{", "}"));
  }
}
