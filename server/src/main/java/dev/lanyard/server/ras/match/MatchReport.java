package dev.lanyard.server.ras.match;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.ras.organisations.IdentityProvider;
import dev.lanyard.server.ras.organisations.SubjectDecision;
import dev.lanyard.server.ras.organisations.SubjectResolution;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What would become of each person of an export at their first redemption. Nothing is written.
///
/// @param people how many there are
/// @param known how many are linked already
/// @param linked how many are here and would be linked
/// @param created how many would be created
/// @param refused who would not come in
public record MatchReport(int people, int known, int linked, int created, List<Refusal> refused) {
  public MatchReport {
    refused = List.copyOf(refused);
  }

  /// Somebody who would not come in.
  ///
  /// @param person who
  /// @param why as the audit record of a redemption would have it
  public record Refusal(ExportedPerson person, Evidence why) {}

  /// How many would come in.
  public int matching() {
    return known + linked + created;
  }

  /// Asks for everybody, in the order of the file: what the first would take is taken for the
  /// second.
  ///
  /// @param organisation that of the provider
  static MatchReport of(
      List<ExportedPerson> people,
      IdentityProvider provider,
      String organisation,
      SubjectResolution subjects) {
    var counting = new Counting();
    for (var person : people) {
      counting.add(
          person,
          person
              .fault(provider)
              .<SubjectDecision>map(SubjectDecision.Nobody::new)
              .orElseGet(
                  () -> subjects.decide(person.by(provider), organisation, provider.people())));
    }
    return new MatchReport(
        people.size(), counting.known, counting.linked, counting.created, counting.refused);
  }

  /// Counts, and remembers what was taken by whom before.
  private static final class Counting {
    private final Map<PersonId, Integer> lines = new HashMap<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final List<Refusal> refused = new ArrayList<>();
    private int known;
    private int linked;
    private int created;

    void add(ExportedPerson person, SubjectDecision decision) {
      switch (decision) {
        case SubjectDecision.Known(var one, _) -> {
          var fault = SubjectResolution.fault(one).or(() -> twice(lines, one.id(), person));
          if (isGood(person, fault)) {
            known++;
          }
        }
        case SubjectDecision.ToLink(var one, _, _, _) -> {
          var fault = SubjectResolution.fault(one).or(() -> twice(lines, one.id(), person));
          if (isGood(person, fault)) {
            linked++;
          }
        }
        case SubjectDecision.ToCreate(var one, _) -> {
          if (isGood(person, twice(names, one.userName().toLowerCase(Locale.ROOT), person))) {
            created++;
          }
        }
        case SubjectDecision.Nobody(var evidence) -> refused.add(new Refusal(person, evidence));
      }
    }

    private boolean isGood(ExportedPerson person, Optional<Evidence> fault) {
      fault.ifPresent(why -> refused.add(new Refusal(person, why)));
      return fault.isEmpty();
    }

    private static <K> Optional<Evidence> twice(
        Map<K, Integer> taken, K what, ExportedPerson person) {
      var before = taken.putIfAbsent(what, person.line());
      return before == null
          ? Optional.empty()
          : Optional.of(
              new Evidence(
                  "sub", "one line for a person", "line " + before + " is the same", "RAS-9"));
    }
  }

  /// For programs.
  public JsonObject toJson() {
    return JsonObject.builder()
        .put("people", people)
        .put("match", matching())
        .put("known", known)
        .put("linked", linked)
        .put("created", created)
        .put("refused", refused.stream().map(MatchReport::json).toList())
        .build();
  }

  private static JsonObject json(Refusal refusal) {
    return JsonObject.builder()
        .put("line", refusal.person().line())
        .put("sub", refusal.person().subject())
        .put("check", refusal.why().check())
        .put("expected", refusal.why().expected())
        .put("actual", refusal.why().actual())
        .put("requirement", refusal.why().requirement())
        .build();
  }
}
