package dev.lanyard.server.console.desk;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.protocol.oauth.ResourceIndicator;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.ras.organisations.OrganisationTables;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.revocation.Subject;
import dev.lanyard.server.sessions.LiveGrants;
import dev.lanyard.server.yaml.FaultyFileException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Finds by name what lies outside and can be stopped for everybody. A misspelled name, with a
/// slash too many for instance, would stop nobody and look as if it had, so it is refused.
/// Thread-safe.
///
/// @param ras our resource authorization server; empty if there is none here
/// @param issuers the issuers that the configuration trusts
/// @param organisations the organisations of the configuration
/// @param resources those of our resource authorization server
/// @param library answers what is in force; throws if it cannot be read
/// @param denied what is dead
public record Parties(
    Optional<Issuer> ras,
    Set<String> issuers,
    Set<String> organisations,
    Set<ResourceIndicator> resources,
    Supplier<Library> library,
    Database database,
    Directory directory,
    DenySet denied,
    InstantSource clock) {
  public Parties {
    issuers = Set.copyOf(issuers);
    organisations = Set.copyOf(organisations);
    resources = Set.copyOf(resources);
  }

  /// What can be stopped by name. The names are words of forms and of the JSON API.
  public enum Sort {
    ISSUER("issuer", "An identity provider, by its issuer"),
    ORGANISATION("organisation", "An organisation, by its name"),
    CLIENT("ras-client", "A client of the resource authorization server, by its id there"),
    RESOURCE("resource", "A connector that is not in the library, by its resource");

    private final String value;
    private final String label;

    Sort(String value, String label) {
      this.value = value;
      this.label = label;
    }

    public String value() {
      return value;
    }

    /// Its name for people.
    public String label() {
      return label;
    }

    /// @return empty if there is no such sort
    public static Optional<Sort> of(String value) {
      return Stream.of(values()).filter(one -> one.value.equals(value)).findFirst();
    }
  }

  /// Whether a name means something here.
  public sealed interface Found {
    record One(Subject subject) implements Found {}

    /// @param why half a sentence
    record Unknown(String why) implements Found {}
  }

  public Found find(Sort sort, String name) {
    try {
      return switch (sort) {
        case ISSUER -> issuer(Issuer.parse(name));
        case ORGANISATION -> organisation(name);
        case CLIENT -> client(ClientId.parse(name));
        case RESOURCE -> resource(ResourceIndicator.parse(name));
      };
    } catch (MalformedException e) {
      return new Found.Unknown("'" + name + "' cannot be the name of one");
    }
  }

  private Found organisation(String name) {
    return organisations.contains(name)
            || directory.all().stream().anyMatch(person -> person.organisation().equals(name))
        ? new Found.One(new Subject.Organisation(name))
        : new Found.Unknown("no organisation is called '" + name + "'");
  }

  private Found client(ClientId id) {
    return ras.<Found>map(server -> new Found.One(new Subject.Client(server, id)))
        .orElseGet(() -> new Found.Unknown("no resource authorization server is configured here"));
  }

  /// One that is in the library no more counts while a token for it lives, and while it is denied.
  private Found resource(ResourceIndicator resource) {
    var known = new TreeSet<String>();
    resources.forEach(one -> known.add(one.value()));
    try {
      library.get().connectors().forEach(one -> known.add(one.resource().value()));
    } catch (FaultyFileException _) {
      // In an emergency the library may be broken: whatever can be the name of a resource will do.
      return new Found.One(new Subject.Connector(resource));
    }
    return known.contains(resource.value())
            || denied.isUntilLifted(Denied.connector(resource))
            || new LiveGrants(database).isThereFor(resource, clock.instant())
        ? new Found.One(new Subject.Connector(resource))
        : new Found.Unknown(
            "no connector has the resource '%s', and no token for it lives%s"
                .formatted(resource.value(), nearly(resource.value(), known)));
  }

  private static String nearly(String name, SortedSet<String> known) {
    return known.stream()
        .filter(one -> likened(one).equals(likened(name)))
        .findFirst()
        .map(one -> ". Did you mean " + one + "?")
        .orElse("");
  }

  /// What people do not see when they read a URL.
  private static String likened(String url) {
    return url.toLowerCase(Locale.ROOT).replaceFirst("/+$", "").replaceFirst("^http:", "https:");
  }

  /// One that nobody trusts any more counts while something lives that it has asserted, and while
  /// it is denied.
  private Found issuer(Issuer issuer) {
    var trusted = trusted();
    boolean known =
        trusted.contains(issuer.value())
            || denied.isUntilLifted(Denied.issuer(issuer))
            || new LiveGrants(database).isThereOf(issuer, clock.instant());
    return known
        ? new Found.One(new Subject.Provider(issuer))
        : new Found.Unknown(
            "no issuer '%s' is trusted here, and nothing lives that it has asserted. Trusted are: %s"
                .formatted(
                    issuer.value(), trusted.isEmpty() ? "none" : String.join(", ", trusted)));
  }

  private SortedSet<String> trusted() {
    var trusted = new TreeSet<>(issuers);
    database.read(connection -> new OrganisationTables(connection).all()).stream()
        .flatMap(organisation -> organisation.issuers().stream())
        .forEach(enrolled -> trusted.add(enrolled.issuer().value()));
    return trusted;
  }

  /// What is stopped, as the kill pipeline names it.
  static Subject subject(Denied denied) {
    return switch (denied.kind()) {
      case CLIENT ->
          new Subject.Client(denied.servedClient().server(), denied.servedClient().client());
      case CONNECTOR -> new Subject.Connector(new ResourceIndicator(denied.value()));
      case ISSUER -> new Subject.Provider(new Issuer(denied.value()));
      case ORGANISATION -> new Subject.Organisation(denied.value());
      case ALL -> new Subject.Everything();
      case PERSON, SIGN_IN, ASSERTION, SESSION, GRANT, TOKEN ->
          throw new IllegalStateException(denied.kind() + " is dead for ever, or switched");
    };
  }
}
