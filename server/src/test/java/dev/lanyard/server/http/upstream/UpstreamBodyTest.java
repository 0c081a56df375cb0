package dev.lanyard.server.http.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.http.BodySource.Listener;
import dev.lanyard.server.http.BodySource.Piece;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.eclipse.jetty.io.Content;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The body of an answer from upstream, while it arrives")
class UpstreamBodyTest {
  private final Arriving arriving = new Arriving();
  private final List<Throwable> aborted = new ArrayList<>();
  private final UpstreamBody body = new UpstreamBody(arriving, aborted::add);
  private int woken;

  @BeforeEach
  void open() {
    body.opened(
        new Listener() {
          @Override
          public void wake() {
            woken++;
          }

          @Override
          public void cut(String why) {
            throw new AssertionError(why);
          }
        });
  }

  @Test
  @DisplayName("is not read while it is to call back, whoever asks meanwhile")
  void one_at_a_time() {
    assertThat(body.next()).isInstanceOf(Piece.NothingYet.class);
    arriving.chunks.add(Content.Chunk.from(ByteBuffer.wrap(new byte[] {7}), false));

    assertThat(body.next()).isInstanceOf(Piece.NothingYet.class);
    assertThat(arriving.reads).isEqualTo(1);

    arriving.meet();
    assertThat(woken).isEqualTo(1);
    assertThat(body.next()).isEqualTo(new Piece.Some(ByteBuffer.wrap(new byte[] {7})));
    assertThat(arriving.reads).isEqualTo(2);
  }

  @Test
  @DisplayName("that has come with its head is taken with it, and nothing beyond one piece more")
  void early() {
    for (byte one : new byte[] {1, 2, 3}) {
      arriving.chunks.add(Content.Chunk.from(ByteBuffer.wrap(new byte[] {one}), false));
    }
    body.takeEarly();
    assertThat(arriving.reads).isEqualTo(2);

    for (byte one : new byte[] {1, 2, 3}) {
      assertThat(body.next()).isEqualTo(new Piece.Some(ByteBuffer.wrap(new byte[] {one})));
    }
    assertThat(body.next()).isInstanceOf(Piece.NothingYet.class);
  }

  @Test
  @DisplayName("of which only a part has come with its head: the reader is woken for the rest")
  void early_part() {
    arriving.chunks.add(Content.Chunk.from(ByteBuffer.wrap(new byte[] {1}), false));
    body.takeEarly();
    arriving.chunks.add(Content.Chunk.from(ByteBuffer.wrap(new byte[] {2}), true));

    assertThat(body.next()).isEqualTo(new Piece.Some(ByteBuffer.wrap(new byte[] {1})));
    assertThat(body.next()).isInstanceOf(Piece.NothingYet.class);
    arriving.meet();

    assertThat(woken).isEqualTo(1);
    assertThat(body.next()).isEqualTo(new Piece.Some(ByteBuffer.wrap(new byte[] {2})));
    assertThat(body.next()).isInstanceOf(Piece.End.class);
  }

  @Test
  @DisplayName("that breaks off with its head says so after what came of it")
  void early_break() {
    var fault = new IOException("reset");
    arriving.chunks.add(Content.Chunk.from(ByteBuffer.wrap(new byte[] {1}), false));
    arriving.chunks.add(Content.Chunk.from(fault, true));
    body.takeEarly();

    assertThat(body.next()).isEqualTo(new Piece.Some(ByteBuffer.wrap(new byte[] {1})));
    assertThat(body.next()).isInstanceOf(Piece.Broken.class);
    assertThat(aborted).containsExactly(fault);
  }

  @Test
  @DisplayName("that breaks off says so to whoever was told to wait")
  void broken() {
    assertThat(body.next()).isInstanceOf(Piece.NothingYet.class);
    var fault = new IOException("reset");
    arriving.chunks.add(Content.Chunk.from(fault, true));

    arriving.meet();

    assertThat(woken).isEqualTo(1);
    assertThat(body.next()).isInstanceOf(Piece.Broken.class);
    assertThat(aborted).containsExactly(fault);
  }

  /// Has what is put into it, and meets a demand when it is told to.
  private static final class Arriving implements Content.Source {
    private final Queue<Content.Chunk> chunks = new ArrayDeque<>();
    private @Nullable Runnable demand;
    private int reads;

    @Override
    public Content.@Nullable Chunk read() {
      reads++;
      return chunks.poll();
    }

    @Override
    public void demand(Runnable callback) {
      assertThat(demand).as("one demand at a time").isNull();
      demand = callback;
    }

    void meet() {
      var met = demand;
      demand = null;
      assertThat(met).isNotNull();
      met.run();
    }

    @Override
    public void fail(Throwable failure) {
      throw new AssertionError(failure);
    }
  }
}
