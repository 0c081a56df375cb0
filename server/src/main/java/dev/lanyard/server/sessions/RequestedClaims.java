package dev.lanyard.server.sessions;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a client has asked to be told of a person one by one, beside what its scopes tell.
///
/// @param idToken in ID Tokens
/// @param userInfo at the UserInfo endpoint
/// @spec https://openid.net/specs/openid-connect-core-1_0.html#ClaimsParameter OpenID Connect Core
///   §5.5
public record RequestedClaims(Set<String> idToken, Set<String> userInfo) {
  /// What there is to be told beside `sub` and how somebody signed in, which every ID Token tells.
  public static final Set<String> KNOWN =
      Set.of("name", "preferred_username", "email", "email_verified", "groups");

  /// Nothing.
  public static final RequestedClaims NONE = new RequestedClaims(Set.of(), Set.of());

  private static final String ID_TOKEN = "id_token:";
  private static final String USERINFO = "userinfo:";

  /// What is not known is left out: not to have a claim is no error.
  public RequestedClaims {
    idToken = known(idToken);
    userInfo = known(userInfo);
  }

  private static Set<String> known(Set<String> names) {
    var known = new LinkedHashSet<>(names);
    known.retainAll(KNOWN);
    return Set.copyOf(known);
  }

  /// One word for each, for a column.
  List<String> words() {
    var words = new ArrayList<String>();
    idToken.stream().sorted().map(ID_TOKEN::concat).forEach(words::add);
    userInfo.stream().sorted().map(USERINFO::concat).forEach(words::add);
    return words;
  }

  static RequestedClaims ofWords(Collection<String> words) {
    return new RequestedClaims(after(ID_TOKEN, words), after(USERINFO, words));
  }

  private static Set<String> after(String prefix, Collection<String> words) {
    var names = new LinkedHashSet<String>();
    words.stream()
        .filter(word -> word.startsWith(prefix))
        .map(word -> word.substring(prefix.length()))
        .forEach(names::add);
    return names;
  }
}
