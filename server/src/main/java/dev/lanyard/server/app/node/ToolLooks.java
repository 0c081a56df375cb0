package dev.lanyard.server.app.node;

import dev.lanyard.protocol.egress.EgressClient;
import dev.lanyard.server.app.configuration.Configuration;
import dev.lanyard.server.credentials.CredentialsConfig;
import dev.lanyard.server.database.Database;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.revocation.Denied;
import dev.lanyard.server.revocation.DenySet;
import dev.lanyard.server.schedule.Jobs;
import dev.lanyard.server.schedule.Recurring;
import dev.lanyard.server.schedule.Turns;
import dev.lanyard.server.tools.Sighting;
import dev.lanyard.server.tools.ToolDefinition;
import dev.lanyard.server.tools.ToolRegister;
import dev.lanyard.server.tools.ToolsClient;
import dev.lanyard.server.tools.Visible;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the tools of the servers behind the gateway without anybody asking, in turn with the
/// other nodes, so that a change is known before somebody lists them.
///
/// It looks at servers over HTTP for which the gateway has credentials of its own, or needs none,
/// and at none that is stopped. What it does not see it leaves as it is: a server that is just
/// starting would take its tools from everybody.
final class ToolLooks implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ToolLooks.class);
  private static final Duration TURN = Duration.ofMinutes(1);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final String LOOK = "look";

  private final List<Front> fronts;
  private final CredentialsConfig credentials;
  private final EgressClient egress;
  private final Duration every;
  private final Database database;
  private final ToolRegister register;
  private final DenySet denied;
  private final InstantSource clock;
  private final Recurring timer;

  private ToolLooks(
      Configuration config,
      Duration every,
      Database database,
      ToolRegister register,
      DenySet denied,
      Jobs jobs,
      InstantSource clock) {
    this.timer = Recurring.onOneThread(jobs, "tool-looks");
    this.credentials = config.upstreamCredentials();
    this.fronts =
        config.gateway().stream()
            .flatMap(served -> served.config().fronts().stream())
            .filter(front -> OwnAccess.isThereAny(front, credentials))
            .toList();
    this.egress = new EgressClient(config.outbound().limitedTo(LONGEST, OneLook.MOST_BYTES));
    this.every = every;
    this.database = database;
    this.register = register;
    this.denied = denied;
    this.clock = clock;
  }

  /// Begins a minute from now; empty if the configuration does not want it.
  static Optional<ToolLooks> start(
      Configuration config,
      Database database,
      Supplier<ToolRegister> tools,
      DenySet denied,
      Jobs jobs,
      InstantSource clock) {
    return config
        .gateway()
        .flatMap(Configuration.ServedGateway::toolsLookedAtEvery)
        .map(every -> {
          var looks = new ToolLooks(config, every, database, tools.get(), denied, jobs, clock);
          looks.timer.every(TURN, "looking at tools", looks::inTurn);
          return looks;
        });
  }

  /// Looks at what is due.
  void inTurn() {
    for (var front : fronts) {
      try {
        var place = front.upstream();
        if (place.isPresent() && !isStopped(front) && isOurTurn(front)) {
          look(front, place.get());
        }
      } catch (RuntimeException e) {
        LOG.warn("the tools of '{}' could not be looked at", front.connector(), e);
      }
    }
  }

  private boolean isOurTurn(Front front) {
    return Turns.take(database, "tools of " + front.connector(), every, clock.instant());
  }

  private boolean isStopped(Front front) {
    return denied.isEverythingDenied()
        || denied.isUntilLifted(Denied.connector(front.metadata().resource()));
  }

  private void look(Front front, URI place) {
    var own = OwnAccess.at(front, credentials, clock);
    switch (new ToolsClient(new OneLook(egress, place), own.headers()).tools()) {
      case ToolsClient.Answer.Listed(var tools, _) -> {
        var news =
            register.observe(
                new Sighting(front.connector(), ToolDefinition.readable(tools), false, LOOK, LOOK));
        if (!news.isEmpty()) {
          LOG.warn("{} tools of '{}' are new or have changed", news.size(), front.connector());
        }
      }
      case ToolsClient.Answer.Unauthorized() ->
          LOG.warn(
              "the tools of '{}' could not be looked at: the server wants other credentials",
              front.connector());
      case ToolsClient.Answer.Failed(var why) ->
          LOG.warn(
              "the tools of '{}' could not be looked at: {}", front.connector(), Visible.line(why));
    }
  }

  @Override
  public void close() {
    timer.close();
  }
}
