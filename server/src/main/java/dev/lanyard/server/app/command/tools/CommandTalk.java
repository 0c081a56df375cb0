package dev.lanyard.server.app.command.tools;

import dev.lanyard.protocol.egress.EgressResult;
import dev.lanyard.server.app.configuration.CommandFailure;
import dev.lanyard.server.http.WholeBody;
import dev.lanyard.server.http.upstream.Field;
import dev.lanyard.server.http.upstream.UpstreamAnswer;
import dev.lanyard.server.http.upstream.UpstreamRequest;
import dev.lanyard.server.stdio.Journal;
import dev.lanyard.server.stdio.Owner;
import dev.lanyard.server.stdio.StdioConfig;
import dev.lanyard.server.stdio.StdioServer;
import dev.lanyard.server.tools.ToolsClient;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Asks a server that is a command something for an administrator: in a process of its own, within
/// the same limits as those of the gateway, which ends with this.
final class CommandTalk implements ToolsClient.Way, AutoCloseable {
  private static final URI NOWHERE = URI.create("http://localhost/");

  private final StdioServer<Administrator> server;
  private final Duration longest;
  private final int mostBytes;

  /// @throws CommandFailure if the command cannot be run within limits here
  CommandTalk(StdioConfig config, Duration longest, int mostBytes) {
    try {
      this.server = new StdioServer<>(config, new Unrecorded(), InstantSource.system());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure("the command cannot be run: " + e.getMessage(), e);
    }
    this.longest = longest;
    this.mostBytes = mostBytes;
  }

  /// Whoever sits at this command line.
  private record Administrator(String name) implements Owner {
    @Override
    public List<String> pair() {
      return List.of(name);
    }

    @Override
    public Set<String> names() {
      return Set.of();
    }

    @Override
    public boolean isDead() {
      return false;
    }
  }

  /// What was found is recorded, with who has looked.
  private static final class Unrecorded implements Journal<Administrator> {
    @Override
    public void started(Administrator owner, long pid) {}

    @Override
    public void ended(Administrator owner, long pid, String why) {}
  }

  @Override
  public EgressResult send(Map<String, String> headers, String body) {
    var fields = new ArrayList<Field>();
    headers.forEach((name, value) -> fields.add(new Field(name, value)));
    var message = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
    var request = new UpstreamRequest("POST", NOWHERE, fields, message);
    var call = server.begin(new Administrator(ToolDesk.operator()), request);
    return switch (call.await(longest)) {
      case UpstreamAnswer.Failed(_, var why) -> new EgressResult.Failed(why);
      case UpstreamAnswer.Answered answered ->
          switch (WholeBody.read(answered.body(), mostBytes, longest)) {
            case WholeBody.Reading.Broken(var why) -> new EgressResult.Failed(why);
            case WholeBody.Reading.Whole(var bytes) ->
                new EgressResult.Answered(answered.status(), named(answered.headers()), bytes);
          };
    };
  }

  @Override
  public void end(Map<String, String> headers) {
    // The process ends when this is closed, and with it what it keeps.
  }

  private static Map<String, List<String>> named(List<Field> fields) {
    var named = new HashMap<String, List<String>>();
    fields.forEach(
        field -> named.put(field.name().toLowerCase(Locale.ROOT), List.of(field.value())));
    return Map.copyOf(named);
  }

  @Override
  public void close() {
    server.close();
  }
}
