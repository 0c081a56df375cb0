package dev.lanyard.server.database;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A network between a node and PostgreSQL that can fail: it cuts connections, or lets them stand
/// and carries nothing.
public final class Proxy implements AutoCloseable {
  private static final Pattern PORT = Pattern.compile("//localhost:(\\d+)/");

  private final ServerSocket server;
  private final int target;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final List<Conversation> conversations = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final AtomicReference<@Nullable String> unanswered = new AtomicReference<>();
  private boolean silent;
  private volatile boolean refusing;

  private Proxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().daemon().name("proxy").start(this::accept);
  }

  /// A network to the PostgreSQL of this configuration.
  public static Proxy to(DatabaseConfig config) {
    var port = PORT.matcher(config.url());
    if (!port.find()) {
      throw new IllegalArgumentException(config.url());
    }
    try {
      return new Proxy(Integer.parseInt(port.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same database, through this network.
  public DatabaseConfig through(DatabaseConfig config) {
    var url = PORT.matcher(config.url()).replaceFirst("//127.0.0.1:" + server.getLocalPort() + "/");
    return new DatabaseConfig(
        url,
        config.user(),
        config.password(),
        config.connections(),
        config.poll(),
        config.staleAfter());
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var near = server.accept();
        if (refusing) {
          near.close();
          continue;
        }
        var far = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.addAll(List.of(near, far));
        var conversation = new Conversation();
        conversations.add(conversation);
        carry(near.getInputStream(), far.getOutputStream(), conversation::hear);
        carry(
            far.getInputStream(),
            near.getOutputStream(),
            (_, _) -> {
              if (isAnswerLost(conversation)) {
                near.close();
                far.close();
              }
            });
      } catch (IOException e) {
        // Closed, or the server is not there: the next attempt tells.
      }
    }
  }

  private interface Ear {
    void hear(byte[] octets, int length) throws IOException;
  }

  /// Cuts the connection that says this next, when the answer comes: it is done, and nobody is
  /// told.
  ///
  /// @param text a part of a statement
  public void loseAnswerTo(String text) {
    unanswered.set(text);
  }

  private boolean isAnswerLost(Conversation conversation) {
    var text = unanswered.get();
    return text != null
        && !conversation.trips().isEmpty()
        && conversation.trips().getLast().stream().anyMatch(one -> one.contains(text))
        && unanswered.compareAndSet(text, null);
  }

  /// What was said to PostgreSQL over each connection, also over those that have ended.
  public List<Conversation> conversations() {
    return conversations;
  }

  private void carry(InputStream in, OutputStream out, Ear ear) {
    Thread.ofVirtual()
        .start(() -> {
          var buffer = new byte[8192];
          try {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
              awaitSound();
              ear.hear(buffer, read);
              out.write(buffer, 0, read);
              out.flush();
            }
          } catch (IOException | InterruptedException e) {
            // The connection was cut.
          }
        });
  }

  private void awaitSound() throws InterruptedException {
    lock.lock();
    try {
      while (silent) {
        changed.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Cuts every connection and lets no new one through.
  public void cut() throws IOException {
    refusing = true;
    for (var socket : sockets) {
      socket.close();
    }
    sockets.clear();
  }

  /// Lets connections through again.
  public void mend() {
    refusing = false;
  }

  /// Lets connections stand, but carries nothing until it does again.
  public void silent(boolean is) {
    lock.lock();
    try {
      silent = is;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    cut();
    silent(false);
  }
}
