package dev.lanyard.server.transparency;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.server.tlog.Checkpoint;
import dev.lanyard.server.tlog.ConsistencyProof;
import dev.lanyard.server.tlog.Hash;
import dev.lanyard.server.tlog.Note;
import dev.lanyard.server.tlog.NoteKey;
import dev.lanyard.server.tlog.NoteKey.Judgement;
import dev.lanyard.server.tlog.NoteSigner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/// A witness as the specification has it, and a place that keeps what is sent to it.
final class FakeWitness implements AutoCloseable {
  private final HttpServer server;
  private final NoteSigner signer;
  private final NoteKey log;
  final List<String> kept = new ArrayList<>();
  final Map<String, String> objects = new HashMap<>();
  private Checkpoint last = new Checkpoint("none", 0, Hash.EMPTY);
  private volatile int sick;
  private volatile CountDownLatch slow = new CountDownLatch(0);

  FakeWitness(NoteKey log) {
    try {
      this.log = log;
      this.signer = NoteSigner.witness("witness.example/w1", NoteSigner.generate());
      this.server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      server.createContext("/add-checkpoint", this::addCheckpoint);
      server.createContext("/keep", this::keep);
      server.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  NoteKey key() {
    return signer.publicKey();
  }

  URI url() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  synchronized long size() {
    return last.size();
  }

  /// Answers everything with this status from now on; 0 ends it.
  void sick(int status) {
    sick = status;
  }

  /// Answers nothing until it is counted down.
  void slow(CountDownLatch until) {
    slow = until;
  }

  private void addCheckpoint(HttpExchange exchange) throws IOException {
    try (exchange) {
      slow.await();
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var answer = sick == 0 ? judged(body) : new Answer(sick, "");
      exchange.sendResponseHeaders(answer.status, 0);
      exchange.getResponseBody().write(answer.body.getBytes(StandardCharsets.UTF_8));
    } catch (MalformedException e) {
      exchange.sendResponseHeaders(400, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Answer(int status, String body) {}

  private synchronized Answer judged(String body) throws MalformedException {
    var parts = body.split("\n\n", 2);
    var note = Note.parse(parts[1]);
    var lines = parts[0].split("\n");
    long old = Long.parseLong(lines[0].replace("old ", ""));
    var path = new ArrayList<Hash>();
    for (int i = 1; i < lines.length; i++) {
      path.add(Hash.parse(lines[i]));
    }
    if (!(log.judge(note) instanceof Judgement.Signed)) {
      return new Answer(403, "");
    }
    var checkpoint = Checkpoint.parse(note.text());
    if (old != last.size()) {
      return new Answer(409, last.size() + "\n");
    }
    if (!ConsistencyProof.extend(last.root(), old, checkpoint.root(), checkpoint.size(), path)) {
      return new Answer(422, "");
    }
    last = checkpoint;
    var signature = signer.sign(note.text(), Auditing.NOW);
    var answer = new Note("x\n", List.of(signature)).print();
    return new Answer(200, answer.substring(answer.indexOf("\n\n") + 2));
  }

  /// As object stores do: what is asked for with `If-None-Match: *` is not written over.
  private void keep(HttpExchange exchange) throws IOException {
    try (exchange) {
      var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
      var answer = sick == 0 ? kept(exchange, body) : new Answer(sick, "");
      exchange.sendResponseHeaders(answer.status, answer.body.isEmpty() ? -1 : 0);
      exchange.getResponseBody().write(answer.body.getBytes(StandardCharsets.UTF_8));
    }
  }

  private synchronized Answer kept(HttpExchange exchange, String body) {
    var path = exchange.getRequestURI().getPath();
    if (exchange.getRequestMethod().equals("GET")) {
      return Optional.ofNullable(objects.get(path))
          .map(object -> new Answer(200, object))
          .orElse(new Answer(404, ""));
    }
    boolean fresh = "*".equals(exchange.getRequestHeaders().getFirst("If-None-Match"));
    if (fresh && objects.containsKey(path)) {
      return new Answer(412, "");
    }
    objects.put(path, body);
    kept.add(
        "%s %s %s\n%s"
            .formatted(
                exchange.getRequestMethod(),
                exchange.getRequestURI(),
                exchange.getRequestHeaders().getFirst("Authorization"),
                body));
    return new Answer(201, "");
  }

  @Override
  public void close() {
    slow.countDown();
    server.stop(0);
  }
}
