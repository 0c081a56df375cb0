package dev.lanyard.server.credentials;

import dev.lanyard.protocol.evidence.Evidence;
import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.protocol.oauth.TokenResponse;
import dev.lanyard.server.audit.AuditEvent;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.credentials.CredentialsConfig.Vendor;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.sessions.OpaqueToken;
import java.net.URI;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;

/// How a person comes to a grant: an ordinary consent at the server of the connector, with PKCE,
/// once. Thread-safe.
final class Connecting {
  private final CredentialsConfig config;
  private final Function<String, URI> redirectUri;
  private final Database database;
  private final GrantTable grants;
  private final ForeignServers servers;
  private final Deaths deaths;
  private final InstantSource clock;
  private final ErrandTable errands;

  /// @param redirectUri where browsers come back to, another place for each connector (SEC-8)
  Connecting(
      CredentialsConfig config,
      Function<String, URI> redirectUri,
      Database database,
      GrantTable grants,
      ForeignServers servers,
      Deaths deaths,
      InstantSource clock) {
    this.config = config;
    this.redirectUri = redirectUri;
    this.database = database;
    this.grants = grants;
    this.servers = servers;
    this.deaths = deaths;
    this.clock = clock;
    this.errands = new ErrandTable(database);
  }

  /// Somebody at a browser.
  ///
  /// @param session theirs at the broker
  record Visitor(Person person, String session) {}

  /// Where the browser goes.
  ///
  /// @param connector whose [Vendor] there is
  ForeignServer.Way begin(Visitor visitor, String connector, Vendor vendor) {
    var state = OpaqueToken.secret();
    var verifier = Pkce.Verifier.random(OpaqueToken.random());
    var server = servers.at(vendor.issuer());
    var way = server.consent(vendor, redirectUri.apply(connector), state, verifier);
    if (way instanceof ForeignServer.Way.At
        && config.needsPkceAdvertised(connector)
        && !server.advertisesPkce()) {
      return new ForeignServer.Way.Unavailable(
          vendor.issuer()
              + " does not advertise PKCE with S256; if its manual says that it does PKCE, an"
              + " administrator can write 'pkce: unadvertised' in upstream_credentials."
              + connector);
    }
    if (way instanceof ForeignServer.Way.At) {
      errands.begin(
          state,
          new Errand(
              visitor.person().id().value(),
              visitor.session(),
              connector,
              vendor.issuer(),
              verifier,
              deaths.dated(visitor.person()).plus(Errand.LIFE)));
    }
    return way;
  }

  /// What came back with a browser; nothing of it is trusted.
  ///
  /// @param connector to whose place
  record Answer(
      String connector,
      Optional<String> state,
      Optional<String> code,
      Optional<String> issuer,
      Optional<String> error) {}

  /// What became of a consent.
  sealed interface Result {
    record Connected(String connector) implements Result {}

    /// The person, or the server, has said no.
    record Declined(String error) implements Result {}

    /// It is no answer to anything that this session has begun.
    record NotOurs(Evidence evidence) implements Result {}

    record Unavailable(String why) implements Result {}
  }

  Result finish(Visitor visitor, Answer answer, String correlationId) {
    var begun = answer.state().map(Secret::new).flatMap(errands::take);
    if (begun.isEmpty()) {
      return refused(visitor, "state", "one of ours, unused", "unknown", correlationId);
    }
    var errand = begun.get();
    var vendor =
        config.vendor(errand.connector()).filter(one -> one.issuer().equals(errand.issuer()));
    var fault = fault(visitor, errand, answer);
    if (fault.isPresent()) {
      return refused(visitor, fault.get(), correlationId);
    }
    if (vendor.isEmpty()) {
      return refused(visitor, "connector", "configured", errand.connector(), correlationId);
    }
    if (answer.code().isEmpty()) {
      var error = answer.error().filter(one -> one.matches("[a-z_]{1,60}")).orElse("no code");
      record(visitor, errand, Outcome.REFUSED, error, correlationId);
      return new Result.Declined(error);
    }
    return switch (servers
        .at(errand.issuer())
        .redeem(
            vendor.get(),
            answer.code().get(),
            redirectUri.apply(errand.connector()),
            errand.verifier())) {
      case ForeignServer.Answer.Granted(var tokens) ->
          kept(visitor, errand, vendor.get(), tokens, correlationId);
      case ForeignServer.Answer.Refused(var error) -> {
        record(visitor, errand, Outcome.REFUSED, error, correlationId);
        yield new Result.Declined(error);
      }
      case ForeignServer.Answer.Unavailable(var why) -> {
        record(visitor, errand, Outcome.FAULT, why, correlationId);
        yield new Result.Unavailable(why);
      }
    };
  }

  private Optional<Evidence> fault(Visitor visitor, Errand errand, Answer answer) {
    if (!errand.session().equals(visitor.session())
        || !errand.person().equals(visitor.person().id().value())) {
      return Optional.of(new Evidence("session", "the one that began it", "another", "SEC-17"));
    }
    if (!clock.instant().isBefore(errand.expiresAt())) {
      return Optional.of(new Evidence("state", "not older than 10 minutes", "older", "SEC-17"));
    }
    if (!errand.connector().equals(answer.connector())) {
      return Optional.of(
          new Evidence("redirect_uri", errand.connector(), answer.connector(), "SEC-8"));
    }
    boolean named = answer.issuer().isPresent() || servers.at(errand.issuer()).namesItself();
    return named && !answer.issuer().equals(Optional.of(errand.issuer().value()))
        ? Optional.of(
            new Evidence("iss", errand.issuer().value(), answer.issuer().orElse("none"), "SEC-8"))
        : Optional.empty();
  }

  private Result kept(
      Visitor visitor, Errand errand, Vendor vendor, TokenResponse tokens, String correlationId) {
    var now = clock.instant();
    var expiresAt = tokens.expiresIn().map(now::plus);
    var grant =
        new UpstreamGrant(
            OpaqueToken.identifier(),
            errand.person(),
            errand.connector(),
            errand.issuer(),
            vendor.client(),
            Tokens.scopes(tokens, vendor.scopes()),
            Tokens.of(tokens, Optional.empty(), vendor.secret()),
            0,
            expiresAt,
            expiresAt,
            errand.begunAt(),
            now,
            UpstreamGrant.Basis.CONSENT);
    var unwanted = Tokens.unwanted(tokens, vendor.scopes());
    if (unwanted.isPresent()) {
      var ending = new Ending("unwanted: " + unwanted.get(), correlationId, now);
      database.write(connection -> {
        grants.strayed(connection, grant, ending);
        AuditLog.append(
            connection, event(visitor, errand, Outcome.REFUSED, unwanted.get(), correlationId));
        return grant;
      });
      return new Result.Declined(unwanted.get());
    }
    database.write(connection -> {
      grants.keep(connection, grant, correlationId);
      AuditLog.append(
          connection, event(visitor, errand, Outcome.SUCCESS, grant.id(), correlationId));
      return grant;
    });
    // A kill that came in between did not see it: of the person, or of the session that began it.
    if (!deaths.mayStay(errand.person(), errand.begunAt(), Optional.of(errand.session()))) {
      var ending = new Ending("killed", correlationId, clock.instant());
      database.write(connection -> grants.endOne(connection, grant.id(), ending));
      return refused(visitor, "person and session", "alive", "killed meanwhile", correlationId);
    }
    return new Result.Connected(errand.connector());
  }

  private Result refused(
      Visitor visitor, String check, String expected, String actual, String correlationId) {
    return refused(visitor, new Evidence(check, expected, actual, "SEC-17"), correlationId);
  }

  private Result refused(Visitor visitor, Evidence evidence, String correlationId) {
    new AuditLog(database)
        .append(
            AuditEvent.of(
                    "upstream.consent",
                    Outcome.REFUSED,
                    clock.instant(),
                    correlationId,
                    JsonObject.builder()
                        .put("check", evidence.check())
                        .put("expected", evidence.expected())
                        .put("actual", evidence.actual())
                        .put("requirement", evidence.requirement())
                        .build())
                .withOrganisation(visitor.person().organisation())
                .withPerson(visitor.person().id().value()));
    return new Result.NotOurs(evidence);
  }

  private void record(
      Visitor visitor, Errand errand, Outcome outcome, String detail, String correlationId) {
    new AuditLog(database).append(event(visitor, errand, outcome, detail, correlationId));
  }

  private AuditEvent event(
      Visitor visitor, Errand errand, Outcome outcome, String detail, String correlationId) {
    var evidence =
        JsonObject.builder()
            .put("connector", errand.connector())
            .put("issuer", errand.issuer().value())
            .put(outcome == Outcome.SUCCESS ? "grant" : "detail", detail)
            .build();
    return AuditEvent.of("upstream.consent", outcome, clock.instant(), correlationId, evidence)
        .withOrganisation(visitor.person().organisation())
        .withPerson(visitor.person().id().value());
  }

  /// Takes a person's grant back, at their own wish.
  ///
  /// @return whether there was one
  boolean disconnect(Visitor visitor, String connector, String correlationId) {
    var ending = new Ending("taken back by the person", correlationId, clock.instant());
    return database.write(connection ->
        grants.endOf(connection, visitor.person().id().value(), connector, ending) > 0);
  }
}
