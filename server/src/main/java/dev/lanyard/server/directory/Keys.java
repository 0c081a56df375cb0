package dev.lanyard.server.directory;

import java.text.Normalizer;
import java.util.Locale;

/// When two names are the same.
final class Keys {
  private Keys() {}

  /// User names are the same whatever the case and the compatible form of their letters, so that
  /// nobody can register a name that looks like another's.
  static String userName(String userName) {
    var folded = Normalizer.normalize(userName, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return once(folded, userName);
  }

  /// E-mail addresses are the same whatever the case of the letters A to Z. RFC 5321 §2.4 would let
  /// a host tell the case of a local part apart; none does, and identity providers change it at
  /// will. No other letter is folded: a match decides who somebody is, and foldings beyond ASCII
  /// meet where the mail host's do not.
  static String email(String email) {
    var folded = new StringBuilder(email.length());
    for (int i = 0; i < email.length(); i++) {
      char c = email.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return once(folded.toString(), email);
  }

  /// Most names are folded already, and there are as many keys in memory as people: no second copy.
  private static String once(String folded, String name) {
    return folded.equals(name) ? name : folded;
  }
}
