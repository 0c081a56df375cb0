package dev.lanyard.server.console.governance;

import dev.lanyard.server.console.desk.Actor;
import dev.lanyard.server.console.desk.Signers;
import dev.lanyard.server.governance.forecast.Chances;
import dev.lanyard.server.governance.forecast.Forecast;
import dev.lanyard.server.governance.forecast.Forecasts;
import dev.lanyard.server.governance.forecast.Launch;
import dev.lanyard.server.governance.forecast.Saying;
import dev.lanyard.server.governance.forecast.TakenBack;
import dev.lanyard.server.publication.Approver;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Takes what administrators say about launches, and what became of them: the same statements as
/// `lanyard forecast set` and `resolve` make, under the name of whoever is signed in.
///
/// @param isKnown whether there is such a connector, in the role library or in the catalogue
/// @param approvers those of the approvers file, as it is now
public record ForecastDesk(
    Forecasts forecasts, Predicate<String> isKnown, Supplier<List<Approver>> approvers) {

  /// What somebody says.
  ///
  /// @param in the chance that it is there in a quarter, by quarter
  /// @param by the chance that it is there by the end of a quarter, instead
  record Said(
      String connector,
      Map<String, String> in,
      Map<String, String> by,
      String reason,
      String evidence) {}

  /// What became of it.
  sealed interface Told {
    record Kept(Forecast forecast) implements Told {}

    /// It cannot be said so.
    ///
    /// @param why half a sentence
    record Faulty(String why) implements Told {}

    /// It is under the name of somebody who signs what they say.
    ///
    /// @param why half a sentence
    record Unsigned(String why) implements Told {}
  }

  /// What became of the record of a launch.
  sealed interface Recorded {
    record Kept(Launch launch) implements Recorded {}

    /// It cannot be recorded so.
    ///
    /// @param why half a sentence
    record Faulty(String why) implements Recorded {}

    /// It stands already.
    record Stands() implements Recorded {}
  }

  /// Whoever is in the approvers file is known by their name there: what they say unsigned under
  /// another one would count beside what they have signed. Others by what is theirs: with a name of
  /// their own choice they would go on in another's place.
  private String name(Actor by) {
    return Signers.approver(by.person(), approvers.get())
        .map(Approver::name)
        .orElse(by.person().provenName());
  }

  Told say(Actor by, Said said) {
    if (!isKnown.test(said.connector())) {
      return new Told.Faulty(unknown(said.connector()));
    }
    Forecast forecast;
    try {
      forecast =
          new Forecast(
              said.connector(),
              Chances.said(said.in(), said.by()),
              name(by),
              said.reason(),
              said.evidence(),
              by.at());
    } catch (IllegalArgumentException e) {
      // The constructors have no other way to refuse.
      return new Told.Faulty(String.valueOf(e.getMessage()));
    }
    return switch (forecasts.say(List.of(forecast), by.id(), by.correlationId())) {
      case Saying.Kept(var kept) -> new Told.Kept(kept.getFirst());
      case Saying.Refused(var why) -> new Told.Unsigned(why);
    };
  }

  private static String unknown(String connector) {
    return "'" + connector + "' is neither in the role library nor in the catalogue";
  }

  /// Records that a connector is there.
  ///
  /// @param day since when, such as `2027-02-11`
  Recorded launched(Actor by, String connector, String day, String evidence) {
    if (!isKnown.test(connector)) {
      return new Recorded.Faulty(unknown(connector));
    }
    var on = day(day).filter(one -> !one.isAfter(LocalDate.ofInstant(by.at(), ZoneOffset.UTC)));
    if (on.isEmpty() || evidence.isBlank()) {
      return new Recorded.Faulty(
          "since when is a day that has come, such as 2027-02-11, and evidence is what you know it"
              + " from");
    }
    var launch = new Launch(connector, on.get(), evidence, by.person().provenName(), by.at());
    return forecasts.launched(List.of(launch), by.correlationId()).stream()
        .findFirst()
        .<Recorded>map(Recorded.Kept::new)
        .orElseGet(Recorded.Stands::new);
  }

  private static Optional<LocalDate> day(String text) {
    try {
      return Optional.of(LocalDate.parse(text));
    } catch (DateTimeParseException _) {
      return Optional.empty();
    }
  }

  /// Takes back a launch that was recorded by mistake.
  ///
  /// @return empty if none stands, or somebody else was faster
  Optional<TakenBack> takeBack(Actor by, String connector, String evidence) {
    return forecasts.takeBack(
        connector, evidence, by.person().provenName(), by.at(), by.correlationId());
  }

  /// The launch of a connector that stands.
  Optional<Launch> launch(String connector) {
    return forecasts.launch(connector);
  }
}
