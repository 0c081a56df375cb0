package dev.lanyard.server.pair;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A TCP connection that a test can cut, hold or plug in somewhere else.
public final class Cable implements AutoCloseable {
  private final ServerSocket socket;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private volatile int target;
  private volatile boolean unplugged;
  private volatile boolean held;

  public Cable(int target) {
    this.target = target;
    try {
      this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return socket.getLocalPort();
  }

  /// Leads elsewhere from now on; what is connected is cut.
  public void plugInto(int port) {
    target = port;
    unplugged = false;
    held = false;
    cut();
  }

  /// Cuts every connection; new ones can be made.
  public void cut() {
    open.forEach(Cable::closed);
    open.clear();
  }

  /// Cuts every connection and lets no new one through.
  public void unplug() {
    unplugged = true;
    cut();
  }

  /// Lets connections through again.
  public void plug() {
    unplugged = false;
  }

  /// Swallows what is sent, in both directions, without ending a connection.
  public void hold() {
    held = true;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        var inner = socket.accept();
        if (unplugged) {
          inner.close();
          continue;
        }
        var outer = new Socket(InetAddress.getLoopbackAddress(), target);
        open.add(inner);
        open.add(outer);
        Thread.ofVirtual().start(() -> pump(inner, outer));
        Thread.ofVirtual().start(() -> pump(outer, inner));
      } catch (IOException e) {
        // The server behind is down, or the test has ended.
        Thread.yield();
      }
    }
  }

  private void pump(Socket from, Socket to) {
    var buffer = new byte[8192];
    try {
      for (int read = from.getInputStream().read(buffer);
          read >= 0;
          read = from.getInputStream().read(buffer)) {
        if (!held) {
          to.getOutputStream().write(buffer, 0, read);
        }
      }
    } catch (IOException e) {
      // Cut.
    } finally {
      closed(from);
      closed(to);
    }
  }

  private static void closed(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cut();
  }
}
