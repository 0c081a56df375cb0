package dev.lanyard.server.library;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What is known of the people for whom a library is checked.
///
/// @param groups the groups that somebody is in
/// @param unverified how many have an e-mail address that nobody has verified
/// @param told how many have a user name on a provider's word alone
public record Populace(Set<String> groups, int unverified, int told) {
  public Populace {
    groups = Set.copyOf(groups);
  }

  /// What a condition asks for of which some people have nothing that counts.
  ///
  /// @param words for people, with how many they are
  /// @param remedy what somebody can do who wants to ask for it all the same
  public record Unproven(String words, String remedy) {}

  /// What of that a condition asks for.
  public List<Unproven> unproven(Requirement one) {
    var found = new ArrayList<Unproven>();
    if (unverified > 0 && one.condition().asksForEmail()) {
      var words = "person.email, and of %d people nobody has verified the address";
      found.add(new Unproven(words.formatted(unverified), "list email_domains of their provider"));
    }
    if (told > 0 && one.condition().asksForUserName()) {
      var words = "person.user_name, which of %d people only a provider has told";
      found.add(new Unproven(words.formatted(told), "ask for the verified address"));
    }
    return found;
  }

  /// People of whom all names count.
  public static Populace in(Set<String> groups) {
    return new Populace(groups, 0, 0);
  }
}
