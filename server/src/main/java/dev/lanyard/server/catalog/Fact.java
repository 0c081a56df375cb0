package dev.lanyard.server.catalog;

import dev.lanyard.server.yaml.Durations;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

/// What a statement can say besides the bucket, in a form that programs count with.
public enum Fact {
  /// How long access tokens live: what a kill leaves open where we have no reach.
  TOKEN_LIFE(Durations::parse),
  /// How long an ID-JAG may live at most to be redeemed there.
  ASSERTION_LIFE(Durations::parse),
  /// Whether tokens may be bound to a key.
  DPOP(Fact::flag),
  /// Whether people are made there by their first ID-JAG.
  JUST_IN_TIME(Fact::flag),
  /// Whether an identity provider redeems ID-JAGs of others.
  REDEEMS(Fact::flag),
  /// How many ID-JAGs an identity provider issues for one person, resource and month.
  ID_JAGS_PER_MONTH(Fact::number);

  @SuppressWarnings("ImmutableEnumChecker") // A method without a state.
  private final Consumer<String> check;

  Fact(Consumer<String> check) {
    this.check = check;
  }

  /// As it is written in files.
  public String value() {
    return name().toLowerCase(Locale.ROOT);
  }

  /// A value that the fact can have.
  ///
  /// @throws IllegalArgumentException if it cannot
  String checked(String text) {
    check.accept(text);
    return text;
  }

  /// @throws IllegalArgumentException if there is none
  static Fact named(String text) {
    return Arrays.stream(values())
        .filter(one -> one.value().equals(text))
        .findFirst()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "'%s' is none of %s"
                    .formatted(
                        text,
                        String.join(", ", Arrays.stream(values()).map(Fact::value).toList()))));
  }

  private static void flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("needs true or false");
    }
  }

  private static void number(String text) {
    if (!text.matches("[1-9]\\d{0,8}")) {
      throw new IllegalArgumentException("needs a whole number from 1");
    }
  }
}
