package dev.lanyard.server.gateway;

import dev.lanyard.protocol.claims.TrustedIssuer;
import dev.lanyard.protocol.claims.TrustedIssuers;
import dev.lanyard.protocol.dpop.DpopReplay;
import dev.lanyard.protocol.egress.EgressPolicy;
import dev.lanyard.protocol.jose.KeySource;
import dev.lanyard.protocol.jose.SigningAlgorithm;
import dev.lanyard.protocol.metadata.WellKnown;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.resourceserver.Guard;
import dev.lanyard.resourceserver.TokenStatus;
import dev.lanyard.server.audit.AuditLog;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.directory.Directory;
import dev.lanyard.server.gateway.GatewayConfig.Aggregated;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.admission.CallLimits;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.admission.FrontDoor;
import dev.lanyard.server.gateway.admission.LivingTokens;
import dev.lanyard.server.gateway.admission.Replies;
import dev.lanyard.server.gateway.admission.Talk;
import dev.lanyard.server.gateway.aggregate.Aggregate;
import dev.lanyard.server.gateway.aggregate.Part;
import dev.lanyard.server.gateway.aggregate.PartCalls;
import dev.lanyard.server.gateway.aggregate.PartNames;
import dev.lanyard.server.gateway.aggregate.PartSessions;
import dev.lanyard.server.gateway.aggregate.PartStreams;
import dev.lanyard.server.gateway.aggregate.PartSubscriptions;
import dev.lanyard.server.gateway.aggregate.StatelessAggregate;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.front.GatewayLimits;
import dev.lanyard.server.gateway.front.SignedIdentity;
import dev.lanyard.server.gateway.front.UpstreamCredentials;
import dev.lanyard.server.gateway.grade.LibraryNames;
import dev.lanyard.server.gateway.grade.Listings;
import dev.lanyard.server.gateway.grade.RefusalText;
import dev.lanyard.server.gateway.grade.ToolJudge;
import dev.lanyard.server.gateway.grade.ToolLock;
import dev.lanyard.server.gateway.message.SpokenRevisions;
import dev.lanyard.server.gateway.session.AskedStore;
import dev.lanyard.server.gateway.session.McpSessionStore;
import dev.lanyard.server.gateway.session.Sessions;
import dev.lanyard.server.gateway.task.TaskAnswers;
import dev.lanyard.server.gateway.task.TaskSeal;
import dev.lanyard.server.gateway.task.TaskStore;
import dev.lanyard.server.gateway.task.Tasks;
import dev.lanyard.server.gateway.upstream.Answering;
import dev.lanyard.server.gateway.upstream.Answers;
import dev.lanyard.server.gateway.upstream.Breaker;
import dev.lanyard.server.gateway.upstream.CommandWay;
import dev.lanyard.server.gateway.upstream.Forwarding;
import dev.lanyard.server.gateway.upstream.ProcessOwner;
import dev.lanyard.server.gateway.upstream.ProcessRecord;
import dev.lanyard.server.gateway.upstream.UpstreamTaskCanceller;
import dev.lanyard.server.http.Access;
import dev.lanyard.server.http.Document;
import dev.lanyard.server.http.Route;
import dev.lanyard.server.http.Strangers;
import dev.lanyard.server.http.upstream.UpstreamClient;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.metrics.Count;
import dev.lanyard.server.metrics.Metrics;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.sessions.OpaqueTokenStore;
import dev.lanyard.server.stdio.StdioServer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiFunction;
import java.util.function.Predicate;

/// The gateway with all its fronts.
public final class Gateway implements AutoCloseable {
  private static final Duration METADATA_LIFE = Duration.ofMinutes(5);
  private static final int MOST_CONNECTIONS = 20_000;
  private static final Duration TICK = Duration.ofSeconds(5);

  private final GatewayConfig config;
  private final Ground ground;
  private final Rules rules;
  private final UpstreamClient client;
  private final CallRecord record;
  private final List<FrontDoor> doors = new ArrayList<>();
  private final List<Route> routes = new ArrayList<>();
  private final List<Tasks> allTasks = new CopyOnWriteArrayList<>();
  private final List<StdioServer<?>> commands = new CopyOnWriteArrayList<>();
  private final Recurring timer;

  /// What it stands on.
  ///
  /// @param keys the public keys of the resource authorization server
  /// @param denied what is dead, kept up to date by the change feed
  /// @param replay where used DPoP proofs are remembered
  /// @param strangers how much somebody may cost who has proved nothing
  /// @param jobs what is done again and again
  public record Ground(
      Database database,
      KeySource keys,
      Directory directory,
      DenySet denied,
      DpopReplay replay,
      Strangers strangers,
      Metrics metrics,
      Jobs jobs,
      InstantSource clock) {}

  /// By what it decides.
  ///
  /// @param seal for what is kept of tasks
  /// @param names as what the library knows those who call
  /// @param agents which clients of the resource authorization server may act for themselves
  public record Rules(
      Policy policy,
      Catalog catalog,
      ToolLock lock,
      UpstreamCredentials credentials,
      TaskSeal seal,
      LibraryNames names,
      Predicate<ClientId> agents) {}

  /// @param client where servers upstream are called; closed with the gateway
  /// @throws IllegalArgumentException if a server upstream may not be called, or a command not run
  public Gateway(GatewayConfig config, Ground ground, Rules rules, UpstreamClient client) {
    this.config = config;
    this.ground = ground;
    this.rules = rules;
    this.client = client;
    this.record =
        new CallRecord(
            new AuditLog(ground.database()),
            config.recording(),
            figures(ground.metrics()),
            ground.clock());
    config.fronts().stream().flatMap(front -> front.upstream().stream()).forEach(client::require);
    var parts = config.fronts().stream().map(this::open).toList();
    config.aggregates().forEach(aggregate -> open(aggregate, parts));
    this.timer = Recurring.onOneThread(ground.jobs(), "gateway");
    timer.every(TICK, "the upkeep of the gateway", this::tick);
  }

  private void tick() {
    doors.forEach(FrontDoor::tick);
    allTasks.forEach(Tasks::tick);
    record.tick();
    commands.forEach(StdioServer::look);
  }

  private Count figures(Metrics metrics) {
    metrics.gauge(
        "lanyard_gateway_processes",
        "Processes of servers that are commands.",
        () -> commands.stream().mapToInt(StdioServer::size).sum());
    metrics.gauge(
        "lanyard_gateway_under_way",
        "Requests under way at the gateway, open streams among them.",
        () -> doors.stream().mapToInt(FrontDoor::underWay).sum());
    return metrics.count(
        "lanyard_gateway_events",
        "What the gateway has recorded, by the event in the audit record.",
        "event",
        "outcome");
  }

  private Part open(Front front) {
    var clock = ground.clock();
    var limits = limits(front);
    var callLimits = new CallLimits(limits.shares(), clock);
    var judge =
        new ToolJudge(front, rules.lock(), rules.policy(), rules.catalog(), rules.names(), clock);
    var replies = new Replies(front, record);
    var spoken = new SpokenRevisions();
    var living = living(front);
    var way = way(front, living);
    var credentials = credentials(front);
    var tasks =
        tasks(
            front, living, way, new UpstreamTaskCanceller(front, credentials, way, client::begin));
    var sessions = sessions(front, living, tasks::endOf);
    var answers =
        new Answers(
            front,
            judge,
            new Listings(front, rules.lock(), judge, spoken),
            new TaskAnswers(front, tasks, judge, record),
            record);
    var forwarding =
        new Forwarding(
            front,
            limits.patience(),
            way,
            credentials,
            new Breaker(limits.failures(), clock),
            new Answering(limits, sessions, answers, replies),
            replies);
    var words = new RefusalText(front.name(), config.contact());
    var calls = new Calls(front, judge, callLimits, tasks, record, words);
    var talk = new Conversation(replies, calls, sessions, forwarding, spoken);
    var door = serve(front, living, talk, callLimits);
    credentials.onEnd(door::withdrawn);
    return new Part(front, door, judge, forwarding::credentials);
  }

  private void open(Aggregated aggregate, List<Part> all) {
    var front = aggregate.front();
    var parts = all.stream().filter(part -> aggregate.of().contains(part.connector())).toList();
    var names = new PartNames(parts, this::tools);
    var limits = limits(front);
    var living = living(front);
    // Those at the servers of its parts are theirs to end.
    var sessions = sessions(front, living, (_, _) -> Optional.empty());
    var open = new PartSessions(limits, sessions);
    var streams = new PartStreams(open, limits, record);
    var calls = new PartCalls(new Replies(front, record), names, sessions, open, streams);
    var replies = new Replies(front, record);
    var stateless =
        new StatelessAggregate(
            parts,
            calls,
            open,
            streams.lists(),
            new PartSubscriptions(names, open, streams),
            replies);
    var talk = new Aggregate(replies, parts, calls, sessions, open, streams, stateless);
    var _ = serve(front, living, talk, new CallLimits(limits.shares(), ground.clock()));
  }

  private Tasks tasks(
      Front front, LivingTokens living, Forwarding.Way way, UpstreamTaskCanceller canceller) {
    var tasks =
        new Tasks(
            front,
            new TaskStore(ground.database(), rules.seal()),
            living,
            way::process,
            canceller,
            record,
            ground.clock());
    ground.denied().onArrival(tasks::heard);
    allTasks.add(tasks);
    return tasks;
  }

  private GatewayLimits limits(Front front) {
    return front.bounds().limits().orElse(config.limits());
  }

  private Forwarding.Way way(Front front, LivingTokens living) {
    return switch (front.server()) {
      case Front.Server.At _ -> (_, request) -> client.begin(request);
      case Front.Server.Command(var command) -> {
        var server =
            new StdioServer<ProcessOwner>(
                command, new ProcessRecord(front, record), ground.clock());
        commands.add(server);
        var _ = living.onNews(news -> tell(server, news));
        yield new CommandWay(server, living);
      }
    };
  }

  /// Of others than are told of nothing changes.
  private static void tell(StdioServer<?> server, TokenStatus.News news) {
    switch (news) {
      case TokenStatus.News.AboutAll() -> server.look();
      case TokenStatus.News.About(var names) -> server.look(names);
    }
  }

  private UpstreamCredentials credentials(Front front) {
    return front
        .handling()
        .identity()
        .<UpstreamCredentials>map(
            secret -> new SignedIdentity(front, rules.credentials(), secret, ground.clock()))
        .orElse(rules.credentials());
  }

  private List<Tool> tools(String connector) {
    return rules
        .catalog()
        .byId(connector)
        .map(one -> List.copyOf(one.tools().all()))
        .orElse(List.of());
  }

  private Sessions sessions(
      Front front, LivingTokens living, BiFunction<Admitted, String, Optional<String>> ends) {
    var database = ground.database();
    return new Sessions(
        front,
        new McpSessionStore(database),
        new AskedStore(database),
        living,
        ends,
        record,
        ground.clock());
  }

  /// One for each front: it remembers the tokens that come there.
  private LivingTokens living(Front front) {
    var database = ground.database();
    return new LivingTokens(
        front.metadata().resource(),
        database.changes(),
        ground.directory(),
        ground.denied(),
        new OpaqueTokenStore(database, config.issuer()),
        rules.agents());
  }

  private Guard guard(Front front, LivingTokens living) {
    var issuer =
        new TrustedIssuer(config.issuer(), ground.keys(), EnumSet.allOf(SigningAlgorithm.class));
    return new Guard(
        front.metadata(),
        TrustedIssuers.of(issuer),
        living,
        Optional.of(living),
        ground.replay(),
        front.bounds().coverage(),
        ground.clock());
  }

  private FrontDoor serve(Front front, LivingTokens living, Talk talk, CallLimits limits) {
    var notes = new FrontDoor.Notes(record, ground.strangers());
    var door = new FrontDoor(front, guard(front, living), living, limits, talk, notes);
    doors.add(door);
    var endpoint = Route.post(front.path(), Access.BEARER, door::handle);
    routes.add(browsers(front, endpoint).bodyLimit(limits(front).sizes().body()));
    routes.add(browsers(front, Route.get(front.path(), Access.BEARER, door::handle)));
    routes.add(browsers(front, Route.delete(front.path(), Access.BEARER, door::handle)));
    var document = Document.of(front.metadata().toJson(), METADATA_LIFE);
    var place = WellKnown.protectedResource(front.metadata().resource()).getRawPath();
    routes.add(Route.get(place, Access.PUBLIC, document).nonBlocking().anyOrigin());
    var root = WellKnown.protectedResourceAtRoot(front.metadata().resource()).getRawPath();
    if (config.fronts().size() + config.aggregates().size() == 1 && !root.equals(place)) {
      // Only where there is nothing to choose (CLI-1).
      routes.add(Route.get(root, Access.PUBLIC, document).nonBlocking().anyOrigin());
    }
    return door;
  }

  private static Route browsers(Front front, Route route) {
    return front.origins().isEmpty() ? route : route.anyOrigin();
  }

  /// Starts the client by which a gateway calls servers upstream.
  public static UpstreamClient client(EgressPolicy policy) {
    return UpstreamClient.start(policy, MOST_CONNECTIONS);
  }

  public List<Route> routes() {
    return List.copyOf(routes);
  }

  @Override
  public void close() {
    timer.close();
    doors.forEach(FrontDoor::close);
    commands.forEach(StdioServer::close);
    record.close();
    client.close();
  }
}
