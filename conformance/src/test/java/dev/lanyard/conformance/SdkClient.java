package dev.lanyard.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.conformance.Installation.Person;
import dev.lanyard.protocol.json.JsonObject;
import java.util.List;
import java.util.Optional;

/// The client of the TypeScript SDK before the gateway of an installation: `mcp-sdk-flow.mjs`, in
/// the name of somebody who has signed in.
final class SdkClient implements AutoCloseable {
  private static final String CLIENT = "mcp-client";

  private final Installation lanyard;
  private final NodeScript script;

  private SdkClient(Installation lanyard) {
    this.lanyard = lanyard;
    this.script = NodeScript.start(lanyard.certificates(), "mcp-sdk-flow.mjs");
  }

  static SdkClient before(Installation lanyard) {
    return new SdkClient(lanyard);
  }

  /// Connects in an older revision.
  ///
  /// @return the tools that the person sees
  List<String> connect(Person person) throws Exception {
    return connect(person, Optional.empty());
  }

  /// @param revision the only one that is spoken; empty for an older one
  /// @return the tools that the person sees
  List<String> connect(Person person, Optional<String> revision) throws Exception {
    var idToken =
        new CodeRequest(CLIENT, "http://127.0.0.1:4711/callback", "openid email", "a-state")
            .idToken(lanyard, person);
    var connect =
        JsonObject.builder()
            .put("mcpServer", lanyard.gateway())
            .putIfPresent("revision", revision)
            .put("idToken", idToken)
            .put("broker", lanyard.credentials(lanyard.broker(), CLIENT).build())
            .put("ras", lanyard.credentials(lanyard.ras(), CLIENT + "-ras").build())
            .build();
    var connected = script.step(JsonObject.builder().put("connect", connect).build());
    assertThat(connected.error()).isEmpty();
    return connected.answer().strings("tools").orElseThrow();
  }

  /// What a tool says.
  String call(String tool, String arguments) throws Exception {
    var called = called(tool, arguments);
    assertThat(called.error()).isEmpty();
    return called
        .answer()
        .object("result")
        .orElseThrow()
        .objects("content")
        .orElseThrow()
        .getFirst()
        .string("text")
        .orElseThrow();
  }

  /// Calls a tool, and takes that back before it answers.
  ///
  /// @return what the SDK has exchanged over it
  List<String> cancel(String tool, String arguments) throws Exception {
    var step = called(tool, arguments, true);
    assertThat(step.error()).contains("taken back");
    return step.exchanges();
  }

  /// Why a tool cannot be called.
  String refusal(String tool, String arguments) throws Exception {
    var error = called(tool, arguments).error();
    assertThat(error).isNotEmpty();
    return error;
  }

  /// The prompts that the person sees, by name.
  List<String> prompts() throws Exception {
    return list("prompts");
  }

  /// The resources that the person sees, by URI.
  List<String> resources() throws Exception {
    return list("resources");
  }

  private List<String> list(String what) throws Exception {
    var listed = script.step(JsonObject.builder().put("list", true).build());
    assertThat(listed.error()).isEmpty();
    return listed.answer().strings(what).orElseThrow();
  }

  private NodeScript.Step called(String tool, String arguments) throws Exception {
    return called(tool, arguments, false);
  }

  private NodeScript.Step called(String tool, String arguments, boolean cancel) throws Exception {
    var call =
        JsonObject.builder()
            .put("name", tool)
            .put("arguments", JsonObject.parse(arguments))
            .build();
    return script.step(JsonObject.builder().put("call", call).put("cancel", cancel).build());
  }

  @Override
  public void close() {
    script.close();
  }
}
