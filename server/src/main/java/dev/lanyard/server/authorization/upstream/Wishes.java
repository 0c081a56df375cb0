package dev.lanyard.server.authorization.upstream;

import dev.lanyard.server.directory.ALabels;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// How an application wants the person of its request to be asked.
///
/// @param prompt whether to ask at all
/// @param maxAge how long ago they may have signed in
/// @param acrValues the authentication contexts that are good for the application, the preferred
///   first; empty if any is
/// @param acrEssential whether no other authentication context will do
/// @param loginHint who they probably are; untrusted
/// @param domainHint where they probably sign in; untrusted
/// @param person the only one with whom the application goes on
/// @param consent whether to ask what the person agrees to, also if they have agreed before
public record Wishes(
    Prompt prompt,
    Optional<Duration> maxAge,
    List<String> acrValues,
    boolean acrEssential,
    Optional<String> loginHint,
    Optional<String> domainHint,
    Optional<String> person,
    boolean consent) {
  public Wishes {
    acrValues = List.copyOf(acrValues);
  }

  /// The same, and at least what a server wants by itself.
  public Wishes atLeast(AuthenticationRequirement needed) {
    var good = acrValues.stream().filter(needed.contexts()::contains).toList();
    return new Wishes(
        prompt,
        Stream.concat(maxAge.stream(), needed.maxAge().stream()).min(Duration::compareTo),
        needed.contexts().isEmpty() ? acrValues : good.isEmpty() ? needed.contexts() : good,
        acrEssential || !needed.contexts().isEmpty(),
        loginHint,
        domainHint,
        person,
        consent);
  }

  /// The same with what the person said of themselves.
  public Wishes hinting(Optional<String> address) {
    return new Wishes(
        prompt, maxAge, acrValues, acrEssential, address, domainHint, person, consent);
  }

  /// The domain of whoever will probably sign in; untrusted.
  Optional<String> domain() {
    return domainHint.or(() -> loginHint.flatMap(HomeRealms::afterAt)).flatMap(ALabels::domain);
  }

  /// Whether the application goes on with this person.
  public boolean allows(String someone) {
    return person.isEmpty() || person.get().equals(someone);
  }

  /// Whether to ask the person (AC-14).
  public enum Prompt {
    /// If needed.
    DEFAULT,
    /// Never: answer `login_required` instead.
    NONE,
    /// In any case.
    LOGIN,
    /// In any case, because it may be another person than the one who is signed in.
    SELECT_ACCOUNT
  }
}
