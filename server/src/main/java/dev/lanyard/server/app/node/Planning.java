package dev.lanyard.server.app.node;

import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.oauth.Issuer;
import dev.lanyard.server.administration.Api;
import dev.lanyard.server.administration.ApiRoute;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.app.configuration.Configuration.Served;
import dev.lanyard.server.audit.Alarms;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.authorization.upstream.SamlPlaces;
import dev.lanyard.server.catalog.KnownWorld;
import dev.lanyard.server.console.governance.ForecastDesk;
import dev.lanyard.server.console.governance.ReviewDesk;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.governance.Quarter;
import dev.lanyard.server.governance.contract.ContractEndpoint;
import dev.lanyard.server.governance.contract.Observed;
import dev.lanyard.server.governance.contract.Planner;
import dev.lanyard.server.governance.coverage.Coverage;
import dev.lanyard.server.governance.coverage.CoverageMap;
import dev.lanyard.server.governance.forecast.Expectations;
import dev.lanyard.server.governance.forecast.ForecastEndpoint;
import dev.lanyard.server.governance.forecast.Forecasters;
import dev.lanyard.server.governance.forecast.Forecasts;
import dev.lanyard.server.governance.forecast.Standing;
import dev.lanyard.server.governance.review.AccessEvidence;
import dev.lanyard.server.governance.review.CoverageEvidence;
import dev.lanyard.server.governance.review.DriftEvidence;
import dev.lanyard.server.governance.review.Evidence;
import dev.lanyard.server.governance.review.IncidentEvidence;
import dev.lanyard.server.governance.review.LibraryEvidence;
import dev.lanyard.server.governance.review.OverduePolicyReviews;
import dev.lanyard.server.governance.review.Population;
import dev.lanyard.server.governance.review.ReviewCalendar;
import dev.lanyard.server.governance.review.ReviewEndpoint;
import dev.lanyard.server.governance.review.Reviews;
import dev.lanyard.server.governance.review.SanityEvidence;
import dev.lanyard.server.governance.review.UseEvidence;
import dev.lanyard.server.governance.value.ValueEndpoint;
import dev.lanyard.server.governance.value.ValueReport;
import dev.lanyard.server.keys.KeyRing;
import dev.lanyard.server.keys.Purpose;
import dev.lanyard.server.library.Library;
import dev.lanyard.server.publication.Approvers;
import dev.lanyard.server.publication.History;
import dev.lanyard.server.publication.LibraryConfig.Mode;
import dev.lanyard.server.publication.PeopleRecord;
import dev.lanyard.server.ras.RasConfig;
import dev.lanyard.server.receipts.Receipts;
import dev.lanyard.server.tools.ToolRegister;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Forecasts, reviews, contracts and the value report of one installation: in a running node and at
/// the command line alike.
public final class Planning {
  private static final Duration RESOLVE_EVERY = Duration.ofHours(1);

  private final Configuration config;
  private final Database database;
  private final Supplier<Library> library;
  private final Supplier<KnownWorld> known;
  private final CoverageMap map;
  private final Supplier<Directory> directory;
  private final InstantSource clock;
  private volatile Instant resolved = Instant.EPOCH;

  /// @param directory asked for where people come from, if there are several identity providers
  public Planning(
      Configuration config,
      Database database,
      Supplier<Library> library,
      Supplier<KnownWorld> known,
      CoverageMap map,
      Supplier<Directory> directory,
      InstantSource clock) {
    this.config = config;
    this.database = database;
    this.library = library;
    this.known = known;
    this.map = map;
    this.directory = directory;
    this.clock = clock;
  }

  public Forecasts forecasts() {
    return new Forecasts(database, forecasters());
  }

  /// Who makes forecasts in their own name.
  public Forecasters forecasters() {
    return approvers()
        .map(file -> new Forecasters(Lanyard.issuer(config).value(), () -> Approvers.read(file)))
        .orElse(Forecasters.NONE);
  }

  /// With the coverage of the moment in which it is asked first.
  public Expectations expectations() {
    return expectations(Enforcement.lazily(map::now));
  }

  /// With a coverage that was counted before.
  Expectations expectations(Supplier<Coverage> coverage) {
    return new Expectations(forecasts(), coverage, library, Enforcement.lazily(known), clock);
  }

  /// How long access tokens live here.
  public Duration tokenLife() {
    return config
        .ras()
        .map(Served::config)
        .map(RasConfig::accessTokenLife)
        .orElse(RasConfig.DEFAULT_ACCESS_TOKEN_LIFE);
  }

  /// The file of the terms of the contracts, if there is one.
  Optional<Path> terms() {
    return config.planning().terms();
  }

  public Planner planner() {
    var now = clock.instant();
    var month = YearMonth.from(now.atOffset(ZoneOffset.UTC)).minusMonths(1);
    return new Planner(
        expectations().candidates(),
        Standing.now(forecasts().all(), Optional.empty()),
        Observed.in(month, new AuditLog(database)),
        tokenLife(),
        Quarter.of(now));
  }

  public ValueReport value(YearMonth month) {
    return ValueReport.of(month, new AuditLog(database), kills(), config.planning().value());
  }

  private ReceiptKills kills() {
    return new ReceiptKills(
        new Receipts(database),
        () -> FanOut.keys(database, config.keySafe(clock), clock).published());
  }

  /// The file that says who may review, if there is one.
  Optional<Path> approvers() {
    return config
        .planning()
        .reviews()
        .approvers()
        .or(() ->
            config.roleLibrary().publication() instanceof Mode.Approved(Path file, _)
                ? Optional.of(file)
                : Optional.empty());
  }

  /// @throws CommandFailure if nobody may review
  public Reviews reviews() {
    var file =
        approvers()
            .orElseThrow(() ->
                new CommandFailure(
                    "nobody may review: set reviews.approvers in the configuration to a file with"
                        + " the keys of people who have the right 'review', see docs/reviews.md"));
    return reviews(() -> Approvers.read(file));
  }

  /// Where administrators say when a connector will be there.
  ForecastDesk forecastDesk() {
    return new ForecastDesk(
        forecasts(),
        id -> library.get().connector(id).isPresent() || known.get().connector(id).isPresent(),
        () -> approvers().map(file -> Approvers.read(file).all()).orElse(List.of()));
  }

  /// What the console shows reviews by and takes signatures with.
  ReviewDesk desk() {
    return new ReviewDesk(
        approvers().map(file -> reviews(() -> Approvers.read(file))),
        readable(),
        calendar(),
        this::evidence,
        this::seals);
  }

  private ReviewCalendar calendar() {
    return new ReviewCalendar(database, providers(), config.planning().reviews().within(), clock);
  }

  private Reviews reviews(Supplier<Approvers> approvers) {
    return new Reviews(database, Lanyard.issuer(config).value(), approvers, clock);
  }

  /// Reviews to be looked at: nobody decides or signs by these, so nobody has to be known.
  public Reviews readable() {
    return reviews(() -> new Approvers(List.of()));
  }

  /// What the pack of the review of a provider is made of, as it is now.
  public List<Evidence> evidence(String provider) {
    var audit = new AuditLog(database);
    var population = population(provider);
    var coverage = population.isEverybody() ? map.now() : map.now(population::has);
    var evidence = new ArrayList<Evidence>();
    evidence.add(new LibraryEvidence(new History(database)));
    if (population instanceof Population.Of counted) {
      evidence.add(counted);
    }
    evidence.add(new AccessEvidence(library.get(), coverage, population));
    evidence.add(new UseEvidence(audit, coverage, map::holding, population));
    evidence.add(new DriftEvidence(() -> ToolRegister.recorded(database)));
    evidence.add(kills().evidence(population));
    evidence.add(new IncidentEvidence(new Alarms(database), audit, population));
    evidence.add(new CoverageEvidence(coverage));
    evidence.add(new SanityEvidence(audit, population));
    return evidence;
  }

  private Population population(String provider) {
    var upstreams = upstreams();
    return upstreams.size() < 2 || !upstreams.containsKey(provider)
        ? new Population.Everybody()
        : new Population.Of(
            provider, upstreams, directory.get(), new PeopleRecord(database).at(clock.instant()));
  }

  /// The identity providers that this installation has reviews of: those upstream, or who keeps the
  /// people here.
  public List<String> providers() {
    var upstream = List.copyOf(upstreams().keySet());
    return upstream.isEmpty() ? organisations() : upstream;
  }

  /// Those upstream of the broker, with the name space in which each has its people.
  private Map<String, Issuer> upstreams() {
    var upstreams = new LinkedHashMap<String, Issuer>();
    config
        .broker()
        .map(Served::config)
        .ifPresent(broker -> {
          broker.signIn().upstreams().forEach(one -> upstreams.put(one.id(), one.issuer()));
          broker
              .signIn()
              .samlUpstreams()
              .forEach(one ->
                  upstreams.put(
                      one.id(), SamlPlaces.nameSpace(broker.issuer(), one.provider().entityId())));
        });
    return upstreams;
  }

  private List<String> organisations() {
    return config
        .broker()
        .map(broker -> List.of(broker.config().organisation()))
        .orElseGet(() ->
            config.ras().stream()
                .flatMap(ras -> ras.config().organisations().stream())
                .map(one -> one.name())
                .distinct()
                .toList());
  }

  /// The keys that seal reviews.
  public KeyRing seals() {
    return KeyRing.open(
        database,
        config.keySafe(clock),
        clock,
        "reviews",
        Set.of(Purpose.REVIEW),
        SigningAlgorithm.ES256);
  }

  /// Reminds of reviews that are late, and holds forecasts against what the probes have found.
  void keepUp(Upkeep upkeep) {
    upkeep.everyMinuteUnhurried("forecasts", this::resolve);
    if (approvers().isPresent()) {
      var overdue = new OverduePolicyReviews(database, calendar(), clock);
      upkeep.everyMinute("policy reviews", overdue::look);
    }
  }

  /// The map of the coverage is drawn for it, so not every minute.
  private void resolve() {
    var now = clock.instant();
    if (resolved.plus(RESOLVE_EVERY).isAfter(now) || forecasts().all().isEmpty()) {
      return;
    }
    resolved = now;
    var _ = expectations().resolve("upkeep");
  }

  /// What programs of administrators may ask.
  List<ApiRoute> routes(Api api) {
    var routes = new ArrayList<ApiRoute>();
    routes.addAll(new ForecastEndpoint(this::expectations, forecasts(), api).routes());
    routes.addAll(new ReviewEndpoint(readable(), api).routes());
    routes.addAll(new ContractEndpoint(this::planner, terms(), api).routes());
    routes.addAll(new ValueEndpoint(this::value, api).routes());
    return routes;
  }
}
