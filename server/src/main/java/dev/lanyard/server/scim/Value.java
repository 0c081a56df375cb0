package dev.lanyard.server.scim;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A value of an attribute, or a whole resource. Immutable. There is no null: in SCIM an attribute
/// without a value is an absent one.
sealed interface Value {
  record Text(String text) implements Value {}

  record Flag(boolean on) implements Value {}

  /// No attribute of ours is a number; providers send them all the same.
  record Number(BigDecimal number) implements Value {}

  record Items(List<Value> values) implements Value {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// Names are the same whatever the case of their letters, and keep their order.
  record Complex(Map<String, Value> members) implements Value {
    static final Complex EMPTY = new Complex(Map.of());

    public Complex {
      members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
    }

    static Complex of(String name, Value value) {
      return new Complex(Map.of(name, value));
    }

    Optional<Value> get(String name) {
      var exact = members.get(name);
      return exact != null ? Optional.of(exact) : spelled(name).map(members::get);
    }

    private Optional<String> spelled(String name) {
      return members.keySet().stream().filter(name::equalsIgnoreCase).findFirst();
    }

    Optional<String> text(String name) {
      return get(name).filter(Text.class::isInstance).map(value -> ((Text) value).text());
    }

    Optional<Boolean> flag(String name) {
      return get(name).filter(Flag.class::isInstance).map(value -> ((Flag) value).on());
    }

    /// The values of a multi-valued attribute that are complex, which all of ours are.
    List<Complex> complexes(String name) {
      return get(name).map(Value::elements).orElse(List.of()).stream()
          .filter(Complex.class::isInstance)
          .map(Complex.class::cast)
          .toList();
    }

    /// With a member set; without it if there is nothing left of it.
    Complex with(String name, Value value) {
      if (value.isEmpty()) {
        return without(name);
      }
      var changed = new LinkedHashMap<>(members);
      changed.put(spelled(name).orElse(name), value);
      return new Complex(changed);
    }

    Complex with(String name, String text) {
      return with(name, new Text(text));
    }

    Complex with(String name, Optional<String> text) {
      return text.isPresent() ? with(name, text.get()) : this;
    }

    Complex with(String name, boolean on) {
      return with(name, new Flag(on));
    }

    Complex with(String name, long number) {
      return with(name, Value.number(number));
    }

    Complex without(String name) {
      var changed = new LinkedHashMap<>(members);
      spelled(name).ifPresent(changed::remove);
      return new Complex(changed);
    }

    /// With the members of the other put over its own.
    Complex over(Complex other) {
      var merged = this;
      for (var member : other.members.entrySet()) {
        merged = merged.with(member.getKey(), member.getValue());
      }
      return merged;
    }
  }

  static Number number(long number) {
    return new Number(BigDecimal.valueOf(number));
  }

  static Items texts(List<String> texts) {
    return new Items(texts.stream().<Value>map(Text::new).toList());
  }

  /// Whether it counts as no value.
  default boolean isEmpty() {
    return switch (this) {
      case Items(var values) -> values.isEmpty();
      case Complex(var members) -> members.isEmpty();
      case Text _, Flag _, Number _ -> false;
    };
  }

  /// One value as a list of one, so that single and multiple values are handled alike.
  default List<Value> elements() {
    return this instanceof Items(var values) ? values : List.of(this);
  }

  /// The elements with more behind them, none twice.
  default Items plus(List<? extends Value> more) {
    var all = new ArrayList<>(elements());
    for (var value : more) {
      if (!all.contains(value)) {
        all.add(value);
      }
    }
    return new Items(all);
  }
}
