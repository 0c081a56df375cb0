package dev.lanyard.server.directory;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/// Names a person for ever: never changed, never given to another, without meaning.
///
/// @param value 1 to 64 letters, digits, hyphens or underscores
public record PersonId(String value) {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /// @throws IllegalArgumentException if the value has another form
  public PersonId {
    if (!isOne(value)) {
      throw new IllegalArgumentException("not the id of a person");
    }
  }

  private static boolean isOne(String value) {
    return FORM.matcher(value).matches();
  }

  /// What came from outside; empty if it is the id of nobody.
  public static Optional<PersonId> parse(String value) {
    return isOne(value) ? Optional.of(new PersonId(value)) : Optional.empty();
  }

  /// A new one of nearly 128 random bits, that does not begin like an option of a command.
  public static PersonId random(SecureRandom random) {
    var bytes = new byte[16];
    String text;
    do {
      random.nextBytes(bytes);
      text = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    } while (text.startsWith("-"));
    return new PersonId(text);
  }

  @Override
  public String toString() {
    return value;
  }
}
