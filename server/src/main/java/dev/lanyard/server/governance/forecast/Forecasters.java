package dev.lanyard.server.governance.forecast;

import dev.lanyard.protocol.jose.SigningKey;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.governance.forecast.Authorship.Refused;
import dev.lanyard.server.governance.forecast.Authorship.Signed;
import dev.lanyard.server.governance.forecast.Authorship.Unsigned;
import dev.lanyard.server.publication.Approver;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.PersonalStatement;
import dev.lanyard.server.publication.Right;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Whose name is whose: whoever has the right `forecast` in the approvers file signs what they say,
/// and nothing else counts under their name, whoever wrote it into the database. Other names are
/// nobody's in particular. Thread-safe.
public final class Forecasters {
  /// Nobody has a name of their own.
  public static final Forecasters NONE = new Forecasters("", () -> new Approvers(List.of()));

  private static final String TYPE = "lanyard-forecast+jwt";

  private final String installation;
  private final Supplier<Approvers> approvers;

  /// @param installation the issuer of this installation: what is signed for another one is worth
  ///   nothing here
  public Forecasters(String installation, Supplier<Approvers> approvers) {
    this.installation = installation;
    this.approvers = approvers;
  }

  /// The same forecast, signed by its forecaster.
  public Forecast signed(Forecast said, SigningKey key) {
    return said.by(new Signed(statement(said).signed(key)));
  }

  private PersonalStatement statement(Forecast said) {
    return new PersonalStatement(
        TYPE,
        installation,
        said.forecaster(),
        said.at(),
        JsonObject.builder()
            .put("connector", said.connector())
            .put("launch", said.chances().toJson())
            .put("reason", said.reason())
            .put("evidence", said.evidence())
            .build());
  }

  /// Those who have the right now. Each time the file is read once, however many are judged.
  Judgement now() {
    return new Judgement(approvers.get());
  }

  /// Judges forecasts by one state of the approvers file.
  final class Judgement {
    private final Approvers known;

    private Judgement(Approvers known) {
      this.known = known;
    }

    /// The same forecast with what its signature is worth; what was refused before is looked at
    /// anew.
    ///
    /// @param statement what was signed, if anything was
    Forecast of(Forecast said, Optional<String> statement) {
      return said.by(
          statement
              .map(compact -> signed(said, compact))
              .orElseGet(() -> unsigned(said.forecaster())));
    }

    private Authorship signed(Forecast said, String compact) {
      return statement(said)
          .refuses(compact, Right.FORECAST, known)
          .<Authorship>map(Refused::new)
          .orElseGet(() -> new Signed(compact));
    }

    /// Also the name of somebody who has retired is theirs.
    private Authorship unsigned(String name) {
      return known
              .named(name)
              .map(Approver::rights)
              .filter(its -> its.contains(Right.FORECAST))
              .isPresent()
          ? new Refused("'%s' signs forecasts, and this one is not signed".formatted(name))
          : new Unsigned();
    }
  }
}
