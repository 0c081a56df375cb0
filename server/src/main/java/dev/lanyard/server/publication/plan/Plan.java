package dev.lanyard.server.publication.plan;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.directory.Person;
import dev.lanyard.server.publication.plan.Access.Kind;
import dev.lanyard.server.publication.plan.Access.Thing;
import dev.lanyard.server.publication.plan.Comparison.Difference;
import dev.lanyard.server.publication.plan.Replay.Fate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What would change, for people to judge: per thing, per person, and for what was really asked
/// for. Immutable.
///
/// @param scene what is compared
/// @param lines what changes, by connector, scope and tool
/// @param people for whom something changes, by user name
/// @param agents the clients for whom something changes that they have for themselves
/// @param replayed what becomes of recorded exchanges
/// @param tokens grants that live now and would be ended
public record Plan(
    Scene scene,
    List<Line> lines,
    List<Affected> people,
    List<AffectedAgent> agents,
    Replayed replayed,
    Tokens tokens) {

  public Plan {
    lines = List.copyOf(lines);
    people = List.copyOf(people);
    agents = List.copyOf(agents);
  }

  /// What is compared.
  ///
  /// @param base the version in force
  /// @param version the version that would follow it
  /// @param people how many there are
  /// @param window how far the replay goes back
  public record Scene(String base, String version, int people, Duration window, Instant at) {}

  /// One thing that somebody gains or loses.
  ///
  /// @param through the clients that it is confined to; empty if it is through all alike
  /// @param lostByUsers how many of those who lose it used it within the window
  /// @param lostByUsersOfLastDay how many of those used it within the last 24 hours
  public record Line(
      Thing thing,
      List<String> through,
      int gainedBy,
      int lostBy,
      int lostByUsers,
      int lostByUsersOfLastDay) {}

  /// What changes for one person.
  ///
  /// @param lastUse when they last used some of what they would lose
  public record Affected(Person person, Difference difference, Optional<Instant> lastUse) {}

  /// What changes for a client in what it has for itself.
  public record AffectedAgent(ClientId client, Difference difference) {}

  /// @param fates what becomes of the exchanges
  /// @param leftOut how many could not be replayed
  /// @param redemptions how many tokens were fetched at our resource authorization server
  /// @param redemptionsOfLost those of them that gave something which would be lost
  public record Replayed(
      Map<Fate, Replay.Counted> fates,
      long total,
      long leftOut,
      long redemptions,
      Replay.Counted redemptionsOfLost) {
    static Replayed of(Replay replay) {
      var fates = new TreeMap<Fate, Replay.Counted>();
      for (var fate : Fate.values()) {
        fates.put(fate, replay.count(fate));
      }
      return new Replayed(
          fates,
          replay.total(),
          replay.leftOut(),
          replay.redeemed().total(),
          replay.redeemed().lost());
    }

    /// The exchanges of one fate.
    Replay.Counted of(Fate fate) {
      return Optional.ofNullable(fates.get(fate)).orElseThrow();
    }
  }

  /// @param grants how many grants of our resource authorization server would be ended
  /// @param people of how many people
  public record Tokens(int grants, int people) {}

  /// Draws up the plan.
  public static Plan of(
      Scene scene,
      Map<Person, Difference> changed,
      Map<ClientId, Difference> changedAgents,
      Replay replay,
      Tokens tokens,
      Clients clients) {
    var affected = new ArrayList<Affected>();
    var tallies = new TreeMap<Thing, Tally>();
    changed.forEach((person, difference) -> {
      for (var thing : things(difference.gained())) {
        tallies.computeIfAbsent(thing, _ -> new Tally()).gained++;
      }
      for (var thing : things(difference.lost())) {
        tallies
            .computeIfAbsent(thing, _ -> new Tally())
            .lost(lastUse(replay, person, difference, thing), scene);
      }
      Stream.concat(difference.gained().stream(), difference.lost().stream())
          .forEach(access ->
              tallies
                  .computeIfAbsent(access.thing(), _ -> new Tally())
                  .clients
                  .add(access.client().value()));
      affected.add(new Affected(person, difference, lastUse(replay, person, difference)));
    });
    affected.sort(Comparator.comparing(one -> one.person().userName()));
    var lines = new ArrayList<Line>();
    tallies.forEach((thing, tally) -> lines.add(tally.line(thing, clients)));
    var agents = new ArrayList<AffectedAgent>();
    changedAgents.forEach((client, one) -> agents.add(new AffectedAgent(client, one)));
    return new Plan(scene, lines, affected, agents, Replayed.of(replay), tokens);
  }

  private static Set<Thing> things(Set<Access> access) {
    var things = new HashSet<Thing>();
    access.forEach(one -> things.add(one.thing()));
    return things;
  }

  private static Optional<Instant> lastUse(
      Replay replay, Person person, Difference difference, Thing thing) {
    return difference.lost().stream()
        .filter(access -> access.thing().equals(thing))
        .flatMap(access -> replay.lastUse(person.id(), access).stream())
        .max(Comparator.naturalOrder());
  }

  private static Optional<Instant> lastUse(Replay replay, Person person, Difference difference) {
    return difference.lost().stream()
        .flatMap(access -> replay.lastUse(person.id(), access).stream())
        .max(Comparator.naturalOrder());
  }

  private static final class Tally {
    private int gained;
    private int lost;
    private int users;
    private int usersOfLastDay;
    private final Set<String> clients = new TreeSet<>();

    void lost(Optional<Instant> lastUse, Scene scene) {
      lost++;
      if (lastUse.isPresent()) {
        users++;
        if (lastUse.get().isAfter(scene.at().minus(Duration.ofDays(1)))) {
          usersOfLastDay++;
        }
      }
    }

    Line line(Thing thing, Clients sorts) {
      boolean all = clients.size() == sorts.sorts().size();
      return new Line(
          thing, all ? List.of() : List.copyOf(clients), gained, lost, users, usersOfLastDay);
    }
  }

  public int winners() {
    return (int) people.stream().filter(one -> !one.difference().gained().isEmpty()).count();
  }

  public int losers() {
    return (int) people.stream().filter(one -> !one.difference().lost().isEmpty()).count();
  }

  /// How many clients lose something that they have for themselves.
  public int losingAgents() {
    return (int) agents.stream().filter(one -> !one.difference().lost().isEmpty()).count();
  }

  /// Whether nothing changes for anybody.
  public boolean isNothing() {
    return lines.isEmpty() && agents.isEmpty();
  }

  /// The plan in a few figures, to be kept with a proposal.
  public JsonObject summary() {
    var top =
        lines.stream()
            .sorted(
                Comparator.comparingInt((Line line) -> line.lostBy() + line.gainedBy()).reversed())
            .limit(50)
            .map(Plan::json)
            .toList();
    return head().put("lines", lines.size()).put("largest", top).build();
  }

  /// Everything, for programs.
  public JsonObject toJson() {
    return head()
        .put("changes", lines.stream().map(Plan::json).toList())
        .put("people", people.stream().map(Plan::json).toList())
        .put("agents", agents.stream().map(Plan::json).toList())
        .build();
  }

  private JsonObject.Builder head() {
    var fates = JsonObject.builder();
    replayed
        .fates()
        .forEach((fate, count) ->
            fates.put(
                fate.name().toLowerCase(java.util.Locale.ROOT),
                JsonObject.builder()
                    .put("exchanges", count.exchanges())
                    .put("people", count.people())
                    .build()));
    return JsonObject.builder()
        .put("base", scene.base())
        .put("version", scene.version())
        .put("at", scene.at().toString())
        .put("people_in_directory", scene.people())
        .put("people_who_gain", winners())
        .put("people_who_lose", losers())
        .put("agents_who_lose", losingAgents())
        .put("window_days", scene.window().toDays())
        .put("replayed_exchanges", replayed.total())
        .put("not_replayed", replayed.leftOut())
        .put("replay", fates.build())
        .put("redemptions", replayed.redemptions())
        .put("redemptions_of_what_is_lost", replayed.redemptionsOfLost().exchanges())
        .put("people_of_these_redemptions", replayed.redemptionsOfLost().people())
        .put("grants_to_end", tokens.grants())
        .put("people_whose_grants_end", tokens.people());
  }

  private static JsonObject json(Line line) {
    return JsonObject.builder()
        .put("connector", line.thing().connector())
        .put("kind", line.thing().kind().name().toLowerCase(java.util.Locale.ROOT))
        .put("name", line.thing().name())
        .put("on", line.thing().on().name().toLowerCase(java.util.Locale.ROOT))
        .put("through", line.through())
        .put("gained_by", line.gainedBy())
        .put("lost_by", line.lostBy())
        .put("lost_by_users", line.lostByUsers())
        .put("lost_by_users_of_last_day", line.lostByUsersOfLastDay())
        .build();
  }

  private static JsonObject json(Affected affected) {
    return JsonObject.builder()
        .put("id", affected.person().id().value())
        .put("user_name", affected.person().userName())
        .put("gains", said(affected.difference().gained()))
        .put("loses", said(affected.difference().lost()))
        .putIfPresent("last_use", affected.lastUse().map(Instant::toString))
        .build();
  }

  private static JsonObject json(AffectedAgent agent) {
    return JsonObject.builder()
        .put("client", agent.client().value())
        .put("gains", said(agent.difference().gained()))
        .put("loses", said(agent.difference().lost()))
        .build();
  }

  /// `linear issues.write`, once each, whatever the clients.
  public static List<String> said(Set<Access> access) {
    return access.stream().map(Access::thing).distinct().sorted().map(Plan::said).toList();
  }

  /// For people.
  public static String said(Thing thing) {
    var name = thing.kind() == Kind.TOOL ? "tool " + thing.name() : thing.name();
    return Stream.of(thing.connector(), name, thing.on().words())
        .filter(word -> !word.isEmpty())
        .collect(Collectors.joining(" "));
  }
}
