package dev.lanyard.server.app.command.organisation;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.app.command.ConfigurationOption;
import dev.lanyard.server.app.command.Office;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.node.Enrolments;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.ras.administration.OrganisationJson;
import dev.lanyard.server.ras.enrolment.By;
import dev.lanyard.server.ras.enrolment.EnrolmentOffice;
import dev.lanyard.server.ras.enrolment.EnrolmentResult;
import dev.lanyard.server.ras.enrolment.Problem;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.function.Function;

/// What the commands about organisations have in common, beside a server that may be running.
record OrganisationCounter(Office desk, RasConfig ras, EnrolmentOffice office, PrintWriter out)
    implements AutoCloseable {
  private static final Clock CLOCK = Clock.systemUTC();

  /// @throws CommandFailure if there is no resource authorization server in this configuration
  static OrganisationCounter open(ConfigurationOption configuration, PrintWriter out) {
    var config = configuration.read();
    var ras =
        config
            .ras()
            .orElseThrow(() ->
                new CommandFailure(
                    "organisations enrol where the resource authorization server is configured:"
                        + " this configuration has no 'ras'"))
            .config();
    var desk = Office.open(config, CLOCK);
    var office = Enrolments.office(config, ras, desk.database(), desk.revocation(), CLOCK);
    return new OrganisationCounter(desk, ras, office, out);
  }

  By by() {
    return By.operator(
        "command line (" + System.getProperty("user.name", "unknown") + ")", desk.correlationId());
  }

  /// @throws CommandFailure if it is not there
  EnrolledOrganisation find(String name) {
    return office
        .custody()
        .find(name)
        .orElseThrow(
            () -> new CommandFailure(isConfigured(name) ? configured(name) : missing(name)));
  }

  private boolean isConfigured(String name) {
    return ras.organisations().stream().anyMatch(one -> one.name().equals(name));
  }

  private static String configured(String name) {
    return "'" + name + "' is in the configuration file; change it there";
  }

  private static String missing(String name) {
    return "there is no organisation '" + name + "'. `lanyard organisation list` shows them.";
  }

  /// @throws CommandFailure if it was refused
  void told(EnrolmentResult result, String done) {
    told(result, _ -> done);
  }

  /// @param done what there is to say of how the organisation is now
  /// @throws CommandFailure if it was refused
  void told(EnrolmentResult result, Function<EnrolledOrganisation, String> done) {
    switch (result) {
      case EnrolmentResult.Done(var organisation) ->
          say(
              "%s %s is %s."
                  .formatted(done.apply(organisation), organisation.name(), state(organisation))
                  .strip());
      case EnrolmentResult.Refused(var problem) -> throw failure(problem);
    }
  }

  static CommandFailure failure(Problem problem) {
    return new CommandFailure(problem.detail() + "; nothing was changed");
  }

  String state(EnrolledOrganisation organisation) {
    return organisation.state(CLOCK.instant());
  }

  JsonObject json(EnrolledOrganisation organisation) {
    return OrganisationJson.of(organisation, CLOCK.instant());
  }

  /// What an administrator typed as rules.
  interface Reading<T> {
    T read() throws MalformedException;
  }

  /// @throws CommandFailure if it cannot be read
  static <T> T read(Reading<T> reading) {
    try {
      return reading.read();
    } catch (MalformedException | IllegalArgumentException e) {
      throw new CommandFailure(e.getMessage() + "; nothing was changed", e);
    }
  }

  void say(String line) {
    out.println(line);
    out.flush();
  }

  @Override
  public void close() {
    desk.close();
  }
}
