package dev.lanyard.server.directory;

import java.util.Optional;
import java.util.Set;

/// What is known of a person who is to be created. They are active from the beginning.
///
/// @param organisation the customer organisation that the person belongs to
/// @param userName 1 to 256 characters, unique in the organisation
/// @param emailVerified whether somebody who may speak for the address has verified it, such as the
///   administrator who enters it
/// @param displayName for people; the user name if it is not known
public record NewPerson(
    String organisation,
    String userName,
    Optional<String> email,
    boolean emailVerified,
    String displayName,
    Set<String> groups) {
  /// The longest user name and e-mail address.
  public static final int LONGEST = 256;

  /// @throws IllegalArgumentException if the organisation or the user name is blank, or one is
  ///   longer than 256 characters
  public NewPerson {
    if (organisation.isBlank() || userName.isBlank()) {
      throw new IllegalArgumentException("a person needs an organisation and a user name");
    }
    if (userName.length() > LONGEST || email.map(String::length).orElse(0) > LONGEST) {
      throw new IllegalArgumentException("longer than " + LONGEST + " characters");
    }
    groups = Set.copyOf(groups);
  }

  /// Whether a name can be shown in one line: none of an administrator's tools, a terminal among
  /// them, is steered by it.
  public static boolean isShowable(String name) {
    return name.codePoints()
        .noneMatch(one ->
            switch (Character.getType(one)) {
              case Character.CONTROL,
                  Character.LINE_SEPARATOR,
                  Character.PARAGRAPH_SEPARATOR,
                  Character.SURROGATE ->
                  true;
              default -> isTurning(one);
            });
  }

  /// Whether it turns the direction of what stands behind it, beyond the word.
  private static boolean isTurning(int one) {
    return (one >= 0x202A && one <= 0x202E) || (one >= 0x2066 && one <= 0x2069);
  }

  /// Somebody whose address, if they have one, is verified.
  public NewPerson(
      String organisation,
      String userName,
      Optional<String> email,
      String displayName,
      Set<String> groups) {
    this(organisation, userName, email, true, displayName, groups);
  }

  /// A person of whom only the names are known.
  public static NewPerson named(String organisation, String userName) {
    return new NewPerson(organisation, userName, Optional.empty(), userName, Set.of());
  }

  @Override
  public String toString() {
    return "NewPerson[hidden]";
  }
}
