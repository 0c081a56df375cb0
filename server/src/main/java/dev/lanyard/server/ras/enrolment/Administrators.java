package dev.lanyard.server.ras.enrolment;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.Pkce;
import dev.lanyard.protocol.oauth.Secret;
import dev.lanyard.server.ras.organisations.EnrolledOrganisation;
import dev.lanyard.server.ras.organisations.IssuerEnrolment;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.ras.organisations.SignInWay;
import dev.lanyard.server.ras.organisations.Stage;
import dev.lanyard.server.ras.organisations.Standing;
import dev.lanyard.server.sessions.OpaqueToken;
import dev.lanyard.server.sessions.UpstreamSignIn;
import dev.lanyard.server.sessions.UpstreamSignInStore;
import dev.lanyard.server.token.Paths;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Lets an organisation's administrators come back: whoever has come in by a code signs in once at
/// an active issuer of the organisation, and is from then on known by the `sub` that it says. No
/// address and no group names anybody: those are given to others one day (decision 115).
public final class Administrators {
  private static final Duration LIFE = Duration.ofMinutes(10);
  private static final int MOST = 20;
  private static final Problem LEFT = new Problem("left", "Your visit is over. Come in again.");

  /// No provider in the configuration can be called so.
  private static final String PREFIX = "organisation/";

  private final Ledger ledger;
  private final Looks looks;
  private final SignInThere there;
  private final UpstreamSignInStore underWay;
  private final Issuer self;

  Administrators(Issuer self, Ledger ledger, Looks looks, SignInThere there) {
    this.ledger = ledger;
    this.looks = looks;
    this.there = there;
    this.underWay = new UpstreamSignInStore(ledger.database(), self);
    this.self = self;
  }

  /// Where to send a browser, if anywhere.
  public sealed interface Sent {
    /// @param binding what the browser must still have when it comes back (SEC-17)
    record There(URI url, Secret binding) implements Sent {}

    record Nowhere(Problem problem) implements Sent {}
  }

  /// Who came back.
  public sealed interface Came {
    /// Whoever was in already is known from now on.
    record Named() implements Came {}

    record In(Invitations.Visit visit) implements Came {}

    record Not(Problem problem) implements Came {}
  }

  /// Where the answer for an organisation's issuer is brought: each has an address of its own, so
  /// that the answer of one can never pass for that of another (SEC-8).
  public URI callback(String organisation, Issuer issuer) {
    return callback(SignInWay.id(organisation, issuer));
  }

  private URI callback(String way) {
    return Paths.at(self, "/organisation/callback/" + way);
  }

  /// Where its administrators come back.
  public URI back(String organisation, Issuer issuer) {
    return Paths.at(self, "/organisation/back/" + SignInWay.id(organisation, issuer));
  }

  /// How many come back through an issuer.
  public int count(String organisation, Issuer issuer) {
    return ledger
        .database()
        .read(connection ->
            new OrganisationTables(connection)
                .administrators()
                .count(SignInWay.id(organisation, issuer)));
  }

  /// Sends whoever is in to where they can come back from.
  ///
  /// @param client what this server is called there: a client without a secret
  public Sent naming(String organisation, Issuer issuer, ClientId client) {
    return sent(new SignInWay(organisation, issuer, client), true);
  }

  /// Sends somebody who is not in.
  ///
  /// @param id of a way by which somebody comes back
  public Sent returning(String id) {
    return ledger
        .database()
        .read(connection -> new OrganisationTables(connection).administrators().way(id))
        .map(way -> sent(way, false))
        .orElseGet(() -> new Sent.Nowhere(notOpen()));
  }

  private static Problem notOpen() {
    return new Problem(
        "not_open", "Nobody comes in this way. Ask the operator of this server for a code.");
  }

  private Sent sent(SignInWay way, boolean isNaming) {
    if (open(way).isEmpty()) {
      return new Sent.Nowhere(notOpen());
    }
    var looked = looks.at(Set.of(way.issuer())).get(way.issuer());
    if (looked == null || !(looked.seen() instanceof Seen.Shown(var metadata, _))) {
      return new Sent.Nowhere(
          new Problem("silent", way.issuer() + " does not answer. Try again in a few minutes."));
    }
    var binding = OpaqueToken.secret();
    var state = OpaqueToken.secret();
    var begun =
        new UpstreamSignIn(
            PREFIX + way.id(),
            OpaqueToken.hash(binding),
            OpaqueToken.identifier(),
            Pkce.Verifier.random(OpaqueToken.random()),
            written(way, isNaming),
            ledger.now().plus(LIFE));
    return there
        .url(metadata, way, callback(way.id()), state, begun)
        .<Sent>map(url -> {
          underWay.begin(state, begun);
          return new Sent.There(url, binding);
        })
        .orElseGet(() ->
            new Sent.Nowhere(
                new Problem("no_sign_in", way.issuer() + " signs nobody in by OpenID Connect.")));
  }

  private Optional<IssuerEnrolment> open(SignInWay way) {
    return ledger
        .database()
        .read(connection -> {
          var tables = new OrganisationTables(connection);
          var known = tables.find(way.organisation());
          return known.isPresent() ? open(tables, known.get(), way) : Optional.empty();
        });
  }

  /// An issuer by which people may come back: trusted, confirmed and stopped by no kill, and its
  /// subjects are of one organisation alone.
  private static Optional<IssuerEnrolment> open(
      OrganisationTables tables, EnrolledOrganisation organisation, SignInWay way)
      throws SQLException {
    if (tables.isStopped(organisation.name()) || tables.isStopped(way.issuer())) {
      return Optional.empty();
    }
    return Optional.of(organisation)
        .filter(one -> one.standing() == Standing.OPEN)
        .flatMap(one -> one.issuer(way.issuer()))
        .filter(one -> one.stage() == Stage.ACTIVE && one.rules().tenant().isEmpty());
  }

  private static String written(SignInWay way, boolean isNaming) {
    return Form.builder()
        .add("organisation", way.organisation())
        .add("issuer", way.issuer().value())
        .add("client_id", way.client().value())
        .add("naming", String.valueOf(isNaming))
        .build()
        .encode();
  }

  /// Whose browser it is.
  ///
  /// @param binding what it has, if anything
  /// @param visit the cookie of an organisation's administrator, if it has one
  /// @param mayRecord asked with what would be recorded of somebody who has proved nothing
  public record Asked(
      Optional<Secret> binding, Optional<Secret> visit, By by, Predicate<String> mayRecord) {
    boolean isIn(OrganisationTables tables, String organisation, Instant now) throws SQLException {
      return visit.isPresent()
          && tables.access().visited(visit.get(), now).equals(Optional.of(organisation));
    }
  }

  /// Judges what a browser brings back.
  ///
  /// @param id of the way, by the address that it comes to
  /// @param answer untrusted
  public Came answered(String id, Form answer, Asked asked) {
    var begun = answer.one("state").map(Secret::new).flatMap(underWay::take);
    if (begun.isEmpty()
        || !begun.get().upstream().equals(PREFIX + id)
        || !asked.binding().map(OpaqueToken::hash).equals(Optional.of(begun.get().browserHash()))
        || !ledger.now().isBefore(begun.get().expiresAt())) {
      return new Came.Not(
          new Problem("not_begun", "This sign-in was not begun here, or too long ago."));
    }
    try {
      var form = Form.parse(begun.get().authorizationQuery(), Set.of());
      var way =
          new SignInWay(
              form.required("organisation"),
              Issuer.parse(form.required("issuer")),
              ClientId.parse(form.required("client_id")));
      return form.required("naming").equals("true")
          ? named(way, answer, begun.get(), asked)
          : entered(way, answer, begun.get(), asked);
    } catch (MalformedException e) {
      throw new IllegalStateException("what was written cannot be read", e);
    }
  }

  private Came named(SignInWay way, Form answer, UpstreamSignIn begun, Asked asked) {
    var name = way.organisation();
    boolean isIn =
        ledger
            .database()
            .read(connection -> asked.isIn(new OrganisationTables(connection), name, ledger.now()));
    if (!isIn) {
      return new Came.Not(LEFT);
    }
    return switch (who(way, answer, begun)) {
      case SignInThere.Who.Nobody(var why) -> refused(way, "administrator-named", why, asked);
      case SignInThere.Who.Somebody(var subject) ->
          switch (ledger.change(
              asked.by(),
              "administrator-named",
              name,
              (tables, known) -> {
                if (open(tables, known, way).isEmpty()
                    || tables.administrators().isOff(way, subject)) {
                  return new Step.NotTaken(notOpen());
                }
                // Their issuer was asked meanwhile, for as long as it liked: who has been put out
                // by then must not come back.
                if (!asked.isIn(tables, name, ledger.now())) {
                  return new Step.NotTaken(LEFT);
                }
                if (!tables.administrators().name(way, subject, MOST, ledger.now())) {
                  return Step.not("too_many", "Up to 20 people come back this way.");
                }
                var person = tables.administrators().person(way, subject);
                if (person.isPresent() && asked.visit().isPresent()) {
                  tables.access().recognise(asked.visit().get(), person.get());
                }
                return taken(tables, way, subject);
              })) {
            case EnrolmentResult.Done _ -> new Came.Named();
            case EnrolmentResult.Refused(var problem) -> new Came.Not(problem);
          };
    };
  }

  private static Step.Taken taken(OrganisationTables tables, SignInWay way, String subject)
      throws SQLException {
    var evidence =
        JsonObject.builder().put("issuer", way.issuer().value()).put("sub", subject).build();
    return Step.Taken.of(evidence).about(tables.administrators().person(way, subject));
  }

  private SignInThere.Who who(SignInWay way, Form answer, UpstreamSignIn begun) {
    return open(way)
        .map(issuer -> there.who(way, issuer.rules(), callback(way.id()), answer, begun))
        .orElseGet(() -> new SignInThere.Who.Nobody("the issuer is not active any more"));
  }

  private Came entered(SignInWay way, Form answer, UpstreamSignIn begun, Asked asked) {
    return switch (who(way, answer, begun)) {
      case SignInThere.Who.Nobody(var why) -> refused(way, "entered", why, asked);
      case SignInThere.Who.Somebody(var subject) -> entered(way, subject, asked.by());
    };
  }

  private Came entered(SignInWay way, String subject, By by) {
    var cookie = OpaqueToken.secret();
    var result =
        ledger.change(
            by,
            "entered",
            way.organisation(),
            (tables, known) -> {
              var named = tables.administrators();
              if (open(tables, known, way).isEmpty()
                  || !named.isNamed(way, subject)
                  || named.isOff(way, subject)) {
                return Step.not("not_named", "You are no administrator who may come back.");
              }
              tables
                  .access()
                  .visit(way.organisation(), cookie, ledger.now(), named.person(way, subject));
              return taken(tables, way, subject);
            });
    return switch (result) {
      case EnrolmentResult.Done _ -> new Came.In(new Invitations.Visit(way.organisation(), cookie));
      case EnrolmentResult.Refused(var problem) -> new Came.Not(problem);
    };
  }

  /// What an issuer says is for the record; whoever stands before the door reads less.
  private Came refused(SignInWay way, String action, String why, Asked asked) {
    ledger.refuseAnybody(
        asked.by(),
        action,
        Optional.of(way.organisation()),
        new Problem("not_signed_in", why),
        asked.mayRecord());
    return new Came.Not(
        new Problem("not_signed_in", "The sign-in at " + way.issuer() + " did not succeed."));
  }

  /// Lets nobody come back through an issuer any more.
  public EnrolmentResult forget(String organisation, Issuer issuer, By by) {
    return ledger.change(
        by,
        "administrators-forgotten",
        organisation,
        (tables, _) -> {
          tables.administrators().forget(organisation, issuer);
          return Step.Taken.of(JsonObject.builder().put("issuer", issuer.value()).build());
        });
  }
}
