package dev.lanyard.protocol.mcp;

import java.util.Set;

/// The methods of MCP messages, of all revisions. Which revision has which is said only where they
/// differ; whoever needs to know judges by the revision that is spoken.
///
/// @spec https://modelcontextprotocol.io/specification/2026-07-28/schema MCP schema
public final class McpMethod {
  /// Begins a session. Not in 2026-07-28.
  public static final String INITIALIZE = "initialize";

  /// Asks whether the other side is there. Not in 2026-07-28.
  public static final String PING = "ping";

  /// Asks what a server is and can do. Since 2026-07-28.
  public static final String DISCOVER = "server/discover";

  public static final String TOOLS_LIST = "tools/list";
  public static final String TOOLS_CALL = "tools/call";
  public static final String PROMPTS_LIST = "prompts/list";
  public static final String PROMPTS_GET = "prompts/get";
  public static final String RESOURCES_LIST = "resources/list";
  public static final String RESOURCE_TEMPLATES_LIST = "resources/templates/list";
  public static final String RESOURCES_READ = "resources/read";

  /// Asks to hear of changes of a resource. Not in 2026-07-28.
  public static final String RESOURCES_SUBSCRIBE = "resources/subscribe";

  /// Takes that back. Not in 2026-07-28.
  public static final String RESOURCES_UNSUBSCRIBE = "resources/unsubscribe";

  /// Asks for one stream with whatever changes. Since 2026-07-28.
  public static final String LISTEN = "subscriptions/listen";

  /// Asks what an argument may be.
  public static final String COMPLETE = "completion/complete";

  /// Says from which level on a server is to tell of its log. Not in 2026-07-28.
  public static final String SET_LOG_LEVEL = "logging/setLevel";

  /// A server asks something of the person before the client.
  public static final String ELICIT = "elicitation/create";

  /// A server asks for the folders that the client works on. Not in 2026-07-28.
  public static final String ROOTS_LIST = "roots/list";

  /// What all methods begin with that ask about tasks.
  public static final String TASKS = "tasks/";

  /// Asks how far a task is; since 2026-07-28 its answer has the result, too.
  public static final String TASKS_GET = "tasks/get";

  /// Asks for the result of a task. In 2025-11-25 only.
  public static final String TASKS_RESULT = "tasks/result";

  /// Asks for all tasks of a client. In 2025-11-25 only.
  public static final String TASKS_LIST = "tasks/list";

  /// Answers what a task asks. Since 2026-07-28.
  public static final String TASKS_UPDATE = "tasks/update";

  /// Ends a task.
  public static final String TASKS_CANCEL = "tasks/cancel";

  /// What all methods of notifications begin with: they ask for no answer.
  public static final String NOTIFICATION = "notifications/";

  /// A client has taken note of what a server said to [#INITIALIZE].
  public static final String INITIALIZED = "notifications/initialized";

  /// A client works on other folders now. Not in 2026-07-28.
  public static final String ROOTS_CHANGED = "notifications/roots/list_changed";

  /// Takes back what was asked.
  public static final String CANCELLED = "notifications/cancelled";

  /// How far something is that was asked.
  public static final String PROGRESS = "notifications/progress";

  /// A line of a server's log.
  public static final String LOGGED = "notifications/message";

  /// A resource has changed.
  public static final String RESOURCE_UPDATED = "notifications/resources/updated";

  /// What a server will tell on a stream that [#LISTEN] has opened.
  public static final String ACKNOWLEDGED = "notifications/subscriptions/acknowledged";

  /// The person is through with what they were sent to elsewhere.
  public static final String ELICITED = "notifications/elicitation/complete";

  /// How far a task is, with its result. Since 2026-07-28.
  public static final String TASK_TOLD = "notifications/tasks";

  /// How far a task is. In 2025-11-25 only.
  public static final String TASK_STATUS = "notifications/tasks/status";

  /// What 2026-07-28 has no more.
  public static final Set<String> OF_SESSIONS =
      Set.of(INITIALIZE, PING, SET_LOG_LEVEL, RESOURCES_SUBSCRIBE, RESOURCES_UNSUBSCRIBE);

  private McpMethod() {}
}
