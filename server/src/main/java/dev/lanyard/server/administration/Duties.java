package dev.lanyard.server.administration;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Who does what, and what that demands of a sign-in.
///
/// @param groups whose members have which duty; a duty without groups has nobody
/// @param secondFactor what a duty that is more than one's own page demands
public record Duties(Map<Duty, Set<String>> groups, SecondFactor secondFactor) {
  public Duties {
    groups = Map.copyOf(groups);
  }

  /// What a member of these groups does, however they signed in.
  public Set<Duty> of(Set<String> memberOf) {
    var duties =
        groups.entrySet().stream()
            .filter(entry -> entry.getValue().stream().anyMatch(memberOf::contains))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(() -> EnumSet.noneOf(Duty.class)));
    duties.add(Duty.EMPLOYEE);
    return duties;
  }
}
