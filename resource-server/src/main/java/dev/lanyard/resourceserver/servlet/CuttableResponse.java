package dev.lanyard.resourceserver.servlet;

import jakarta.servlet.AsyncContext;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A response that can be cut while it is written: from then on every write fails, and what the
/// servlet has left open for later is completed.
///
/// Writes and the cut exclude each other, because a container may use a completed response for
/// somebody else's request.
final class CuttableResponse extends HttpServletResponseWrapper {
  private static final long PATIENCE_MILLIS = 1000;

  private final HttpServletRequest request;
  private final ReentrantLock writing = new ReentrantLock();
  private volatile boolean cut;
  private @Nullable PrintWriter writer;
  private @Nullable ServletOutputStream stream;

  CuttableResponse(HttpServletRequest request, HttpServletResponse response) {
    super(response);
    this.request = request;
  }

  /// Ends it. A servlet that writes in its own thread meets the failure at its next write.
  void cut() {
    cut = true;
    boolean alone = awaitWriter();
    try {
      if (request.isAsyncStarted()) {
        asyncContext().complete();
      }
    } catch (IllegalStateException e) {
      // It has just ended by itself, as it should; no later write would succeed either.
    } finally {
      if (alone) {
        writing.unlock();
      }
    }
  }

  /// A response that was cut before the servlet left it open has nobody else who completes it.
  void cutAgain() {
    if (cut) {
      cut();
    }
  }

  private AsyncContext asyncContext() {
    return request.getAsyncContext();
  }

  /// Somebody who reads nothing can hold up a write, but not the cut.
  private boolean awaitWriter() {
    try {
      return writing.tryLock(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private interface Write {
    void now() throws IOException;
  }

  private void write(Write one) throws IOException {
    writing.lock();
    try {
      if (cut) {
        throw new IOException("the token of this stream has died");
      }
      one.now();
    } finally {
      writing.unlock();
    }
  }

  @Override
  public void flushBuffer() throws IOException {
    write(super::flushBuffer);
  }

  @Override
  public ServletOutputStream getOutputStream() throws IOException {
    if (stream == null) {
      stream = new Stream(super.getOutputStream());
    }
    return stream;
  }

  @Override
  public PrintWriter getWriter() throws IOException {
    if (writer == null) {
      writer = new PrintWriter(new Text(super.getWriter()));
    }
    return writer;
  }

  /// Buffers nothing: nobody else would flush it.
  private final class Text extends Writer {
    private final PrintWriter out;

    Text(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void write(char[] text, int from, int count) throws IOException {
      CuttableResponse.this.write(() -> out.write(text, from, count));
    }

    @Override
    public void flush() throws IOException {
      CuttableResponse.this.write(() -> {
        if (out.checkError()) {
          throw new IOException("the other end is gone");
        }
      });
    }

    @Override
    public void close() throws IOException {
      CuttableResponse.this.write(out::close);
    }
  }

  private final class Stream extends ServletOutputStream {
    private final ServletOutputStream out;

    Stream(ServletOutputStream out) {
      this.out = out;
    }

    @Override
    public boolean isReady() {
      return out.isReady();
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      out.setWriteListener(listener);
    }

    @Override
    public void write(int one) throws IOException {
      CuttableResponse.this.write(() -> out.write(one));
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      CuttableResponse.this.write(() -> out.write(bytes, from, count));
    }

    @Override
    public void flush() throws IOException {
      CuttableResponse.this.write(out::flush);
    }

    @Override
    public void close() throws IOException {
      CuttableResponse.this.write(out::close);
    }
  }
}
