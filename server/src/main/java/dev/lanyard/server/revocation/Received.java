package dev.lanyard.server.revocation;

import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.revocation.Correlation.Match;
import dev.lanyard.server.revocation.SignalTable.Claim;
import dev.lanyard.server.revocation.SignalTable.Key;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// A signal that was taken in.
///
/// @param match whom or what it means
/// @param claim what makes it count once
record Received(Match match, Claim claim) {
  static Received of(Signal signal, Match match) {
    return new Received(match, claim(signal, match));
  }

  private static Claim claim(Signal signal, Match match) {
    return switch (match) {
      case Match.OnePerson(var person) ->
          Claim.of(signal, "PERSON " + person.id(), Optional.of(person.id()));
      case Match.Sessions(var person, var ids) ->
          Claim.of(signal, "SESSION " + String.join(" ", ids), Optional.of(person.id()));
      case Match.Thing(var what) ->
          Claim.of(signal, what.kind() + " " + what.value(), Optional.empty());
      case Match.Nobody(), Match.Several(_) ->
          Claim.of(signal, signal.subject().getClass().getSimpleName(), Optional.empty());
    };
  }

  Signal signal() {
    return claim.signal();
  }

  /// Its own: also of two that are the same signal.
  String incident() {
    return claim.incident();
  }

  /// The same for each delivery of one signal.
  Key key() {
    return Key.of(signal());
  }

  boolean isOfKnownSubject() {
    return switch (match) {
      case Match.OnePerson _, Match.Sessions _, Match.Thing _ -> true;
      case Match.Nobody _, Match.Several _ -> false;
    };
  }

  /// Everybody whom one of these is about as a person.
  static Set<PersonId> people(Collection<Received> several) {
    return several.stream()
        .filter(one -> one.match instanceof Match.OnePerson)
        .flatMap(one -> one.claim.person().stream())
        .collect(Collectors.toSet());
  }
}
