package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.protocol.oauth.Scopes;
import dev.lanyard.resourceserver.Requirement;
import dev.lanyard.resourceserver.Verdict;
import dev.lanyard.server.catalog.Catalog;
import dev.lanyard.server.clients.AgentSubject;
import dev.lanyard.server.gateway.admission.Admitted;
import dev.lanyard.server.gateway.front.Caller;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.gateway.message.Repeated;
import dev.lanyard.server.library.Connector;
import dev.lanyard.server.library.DataClass;
import dev.lanyard.server.library.Tool;
import dev.lanyard.server.library.Tools;
import dev.lanyard.server.policy.Member;
import dev.lanyard.server.policy.Policy;
import dev.lanyard.server.policy.ToolDecision;
import dev.lanyard.server.policy.ToolRefusal;
import dev.lanyard.server.policy.ToolRequest;
import dev.lanyard.server.tracing.Span;
import dev.lanyard.server.tracing.Step.Kind;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Decides by the tool lock and the role library what somebody may use at one connector.
/// Thread-safe.
///
/// Resources and prompts stand in the library among the tools, as `resource:` and the URI,
/// `prompt:` and the name; one that ends in `*` stands for all that begin so. A tool is always
/// named wholly: one that is new must be hidden until somebody has looked at it.
public final class ToolJudge {
  private final Front front;
  private final ToolLock lock;
  private final Policy policy;
  private final Catalog catalog;
  private final LibraryNames names;
  private final InstantSource clock;
  private volatile @Nullable Known known;

  /// @param names as what the library knows those who call
  public ToolJudge(
      Front front,
      ToolLock lock,
      Policy policy,
      Catalog catalog,
      LibraryNames names,
      InstantSource clock) {
    this.front = front;
    this.lock = lock;
    this.policy = policy;
    this.catalog = catalog;
    this.names = names;
    this.clock = clock;
  }

  /// What the library says of resources, read once for each version of it.
  private record Known(Tools tools, List<Thing.Located> located) {}

  /// What was decided.
  public sealed interface Judged {
    /// By the library.
    ///
    /// @param tool as the library has it; empty if it does not name it
    record ByLibrary(ToolDecision decision, Optional<Tool> tool) implements Judged {}

    /// By the lock.
    record Quarantined(ToolLock.Quarantine why) implements Judged {}

    default boolean isAllowed() {
      return this instanceof ByLibrary(ToolDecision.Allowed _, _);
    }

    /// Whether it may be shown: also what needs a better sign-in first.
    default boolean isShown() {
      return isAllowed() || this instanceof ByLibrary(ToolDecision.StepUp _, _);
    }
  }

  /// What a tool wants repeated in headers.
  public List<Repeated> repeated(String tool) {
    return lock.repeated(front.connector(), tool);
  }

  public Judged judge(Caller caller, Thing thing) {
    if (thing.kind() == Thing.Kind.TOOL
        && lock.of(front.connector(), thing.name())
            instanceof ToolLock.Standing.Quarantined(var why)) {
      return new Judged.Quarantined(why);
    }
    var tool = connector().flatMap(connector -> find(connector, thing));
    var name = tool.map(Tool::name).orElseGet(thing::key);
    return new Judged.ByLibrary(decide(caller, thing, name), tool);
  }

  /// A thing that somebody may use now with their token.
  ///
  /// @param grade empty if it has none
  public record Usable(Optional<DataClass> grade) {}

  /// Whether somebody may use a thing now with their token; empty if not. Records nothing.
  public Optional<Usable> usable(Admitted who, Thing thing) {
    if (!(judge(who.caller(), thing)
        instanceof Judged.ByLibrary(ToolDecision.Allowed _, var tool))) {
      return Optional.empty();
    }
    var scopes = needed(who.caller(), tool.map(Tool::scopes).orElse(Scopes.NONE));
    var needed = new Requirement(scopes, Optional.empty(), List.of());
    return who.guard().judge(who.token(), needed) instanceof Verdict.Refused
        ? Optional.empty()
        : Optional.of(new Usable(tool.flatMap(Tool::grade)));
  }

  /// What a token must have for a tool, without what its scopes stand for by the library.
  public Scopes needed(Caller caller, Scopes needed) {
    var granted = caller.scopes();
    var implied = connector().map(one -> one.implications().withImplied(granted)).orElse(granted);
    return Scopes.of(
        needed.values().stream()
            .filter(scope -> granted.contains(scope) || !implied.contains(scope))
            .toList());
  }

  /// Whether somebody is shown anything at this connector.
  public boolean allowsAnything(Caller caller) {
    return connector().stream()
        .flatMap(one -> one.tools().all().stream())
        .anyMatch(tool -> judge(caller, Thing.entered(tool.name())).isShown());
  }

  /// The connector, if the library has it at our address.
  private Optional<Connector> connector() {
    return catalog
        .byId(front.connector())
        .filter(one -> one.resource().equals(front.metadata().resource()));
  }

  /// A tool that is called like a resource or a prompt must not have their grade.
  private Optional<Tool> find(Connector connector, Thing thing) {
    var tools = connector.tools();
    if (thing.kind() == Thing.Kind.TOOL) {
      return Thing.isReserved(thing.name()) ? Optional.empty() : tools.find(thing.name());
    }
    return tools.find(thing.key()).or(() -> byStar(tools, thing));
  }

  private Optional<Tool> byStar(Tools tools, Thing thing) {
    return tools.all().stream()
        .filter(tool -> thing.isMeantBy(tool.name()))
        .max(Comparator.comparingInt(tool -> tool.name().length()))
        .filter(star -> !thing.isInDoubt(star.name(), located(tools)));
  }

  @SuppressWarnings("ReferenceEquality") // What was not read anew is the same.
  private List<Thing.Located> located(Tools tools) {
    var now = known;
    if (now == null || now.tools() != tools) {
      now = new Known(tools, Thing.Located.among(tools.all().stream().map(Tool::name)));
      known = now;
    }
    return now.located();
  }

  /// Of several clients that are one at the resource authorization server each must be allowed.
  private ToolDecision decide(Caller caller, Thing thing, String name) {
    if (connector().isEmpty()) {
      return refused(new ToolRefusal.UnknownConnector(front.connector()));
    }
    if (thing.kind() == Thing.Kind.TOOL && Thing.isReserved(name)) {
      return refused(new ToolRefusal.UnknownTool(name));
    }
    return names.clients().apply(caller.client()).stream()
        .map(client -> decide(caller, client, name))
        .reduce((one, other) -> one instanceof ToolDecision.Allowed ? other : one)
        .orElseThrow(() -> new IllegalStateException("a client without a name"));
  }

  private ToolDecision refused(ToolRefusal why) {
    return new ToolDecision.Refused(why, List.of(), policy.current().version());
  }

  private ToolDecision decide(Caller caller, ClientId client, String name) {
    var request =
        new ToolRequest(
            member(caller),
            client,
            front.connector(),
            name,
            caller.authentication(),
            clock.instant());
    return Span.of("policy.decide", Kind.INTERNAL, () -> policy.decideTool(request));
  }

  /// Somebody who is gone since the token was looked at is nobody, and no client of themselves.
  private Member member(Caller caller) {
    return caller
        .person()
        .map(person -> names.people().get().member(person))
        .orElseGet(() ->
            AgentSubject.isOne(caller.subject())
                ? Member.agent(caller.client())
                : Member.of(Set.of()));
  }
}
