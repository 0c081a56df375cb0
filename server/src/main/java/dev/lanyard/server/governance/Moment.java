package dev.lanyard.server.governance;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.library.LibraryReadings;
import dev.lanyard.server.policy.PolicyLibrary;
import dev.lanyard.server.policy.WhosePeople;
import dev.lanyard.server.publication.Answer;
import dev.lanyard.server.publication.History.InForce;
import dev.lanyard.server.publication.Proposal.Said;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/// What decided at an instant.
///
/// @param at the instant
/// @param begins before it nobody wrote down who people were; empty if that is the beginning
/// @param inForce the version of the role library and how it came into force; empty if there was
///   none, so that nothing was given
/// @param library its content
/// @param policy its content, compiled
/// @param people whose people it meant
/// @param stops what administrators had stopped
record Moment(
    Instant at,
    Optional<Instant> begins,
    Optional<InForce> inForce,
    Library library,
    PolicyLibrary policy,
    WhosePeople people,
    Stops stops) {

  static Moment of(
      Instant at,
      Optional<Instant> begins,
      Optional<InForce> inForce,
      LibraryReadings readings,
      WhosePeople people,
      Stops stops) {
    var library = inForce.map(one -> readings.read(one.files())).orElse(Library.EMPTY);
    return new Moment(at, begins, inForce, library, PolicyLibrary.compile(library), people, stops);
  }

  /// Whether who people were then was written down.
  boolean isKnown() {
    return begins.isEmpty() || !at.isBefore(begins.get());
  }

  /// Who put the version in force, and why.
  Optional<Said> published() {
    return inForce.map(one -> one.publication().said());
  }

  /// The second person who agreed: before, or afterwards where one had published alone.
  Optional<Said> approved() {
    return inForce
        .flatMap(InForce::proposal)
        .flatMap(proposal -> proposal.answer().map(Answer::said))
        .or(() ->
            inForce
                .flatMap(one -> one.publication().emergency())
                .flatMap(emergency -> emergency.review()));
  }

  JsonObject toJson() {
    var json = JsonObject.builder().put("at", at.toString()).put("known", isKnown());
    json.putIfPresent("history_begins", begins.map(Instant::toString));
    inForce.ifPresent(one -> {
      json.put("library_version", one.publication().version());
      json.put("publication", one.publication().number());
      json.put("published_as", one.publication().kind().name().toLowerCase(Locale.ROOT));
      json.put("published_at", one.publication().said().at().toString());
    });
    json.putIfPresent("published_by", published().map(Said::by));
    json.putIfPresent("rationale", published().map(Said::rationale));
    json.putIfPresent("approved_by", approved().map(Said::by));
    json.putIfPresent("approved_at", approved().map(said -> said.at().toString()));
    return json.put("stopped", stops.all()).build();
  }
}
