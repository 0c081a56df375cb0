package dev.lanyard.server.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9113: HTTP/2 on the wire, and the handshake before it")
class Http2Test {
  private static final HttpLimits LIMITS =
      new HttpLimits(
          8 * 1024,
          100,
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          10,
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          TestLimits.PARTING);

  private static final int PROTOCOL_ERROR = 1;
  private static final int FLOW_CONTROL_ERROR = 3;
  private static final int FRAME_SIZE_ERROR = 6;
  private static final int REFUSED_STREAM = 7;
  private static final int ENHANCE_YOUR_CALM = 11;

  @TempDir Path folder;
  private final LinkedBlockingQueue<Refusals.Refusal> told = new LinkedBlockingQueue<>();
  private final CountDownLatch release = new CountDownLatch(1);
  private SSLContext trust;
  private HttpServer server;
  private int port;

  @BeforeEach
  void start() throws IOException {
    var certificate = TestCertificate.ec("h2");
    trust = certificate.trust();
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    var files = certificate.writeTo(folder);
    server = HttpServer.bind(List.of(new Listener("tls", address, Optional.of(files))), LIMITS);
    server.serve(
        Map.of(
            "tls",
            List.of(
                Route.get("/hello", Access.PUBLIC, _ -> Response.text(200, "hello")),
                Route.get("/slow", Access.PUBLIC, _ -> slow()),
                Route.get("/large", Access.PUBLIC, _ -> Response.text(200, "x".repeat(2_000_000))),
                Route.post("/read", Access.PUBLIC, _ -> Response.text(200, "read")))),
        told::add);
    port = server.port("tls");
  }

  private Response slow() {
    try {
      release.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return Response.text(200, "finished");
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.close();
  }

  private Frames connect() throws IOException {
    return new Frames(trust, port);
  }

  /// What was told of it: one thing.
  private String told(String check) throws InterruptedException {
    var refusal = told.poll(5, TimeUnit.SECONDS);
    assertThat(refusal).as("told").isNotNull();
    assertThat(refusal.failed().check()).isEqualTo(check);
    assertThat(refusal.source().isLoopbackAddress()).isTrue();
    return refusal.failed().actual();
  }

  private void serves() throws Exception {
    try (var other = connect()) {
      assertThat(other.request(1, Frames.GET_HELLO).status(1)).isEqualTo(200);
    }
  }

  @Test
  void a_request_is_answered_and_nothing_is_told() throws Exception {
    serves();
    assertThat(told).isEmpty();
  }

  @Nested
  @DisplayName("§5.4.1 what breaks the protocol ends the connection, and is told once")
  class Connections {
    private void ends(Frames wire, int error, String why) throws Exception {
      assertThat(wire.end()).isIn(error, -1);
      assertThat(told("http2")).contains(why);
      wire.close();
      serves();
      assertThat(told).isEmpty();
    }

    @Test
    void another_preface() throws Exception {
      ends(
          new Frames(trust, port, "PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n"),
          PROTOCOL_ERROR,
          "protocol_error");
    }

    @Test
    void data_of_no_stream() throws Exception {
      ends(connect().send(Frames.DATA, 0, 0, new byte[1]), PROTOCOL_ERROR, "protocol_error");
    }

    @Test
    void a_ping_of_another_size() throws Exception {
      ends(connect().send(Frames.PING, 0, 0, new byte[7]), FRAME_SIZE_ERROR, "frame_size_error");
    }

    @Test
    void a_frame_that_is_too_large() throws Exception {
      ends(
          connect().send(Frames.HEADERS, Frames.END_HEADERS, 1, new byte[20_000]),
          FRAME_SIZE_ERROR,
          "frame_size_error");
    }

    @Test
    void headers_that_cannot_be_decompressed() throws Exception {
      ends(
          connect().send(Frames.HEADERS, Frames.END_HEADERS, 1, new byte[] {(byte) 0xff, 0x7f}),
          PROTOCOL_ERROR,
          "protocol_error");
    }

    @Test
    void a_window_that_grows_beyond_every_bound() throws Exception {
      ends(
          connect().send(Frames.WINDOW_UPDATE, 0, 0, Frames.number(Integer.MAX_VALUE)),
          FLOW_CONTROL_ERROR,
          "flow_control_error");
    }

    @Test
    void a_stream_that_only_servers_open() throws Exception {
      ends(connect().request(2, Frames.GET_HELLO), PROTOCOL_ERROR, "protocol_error");
    }

    @Test
    @DisplayName("§10.5 many resets of requests that have begun: rapid reset")
    void rapid_reset() throws Exception {
      var wire = connect();
      try {
        for (int i = 0; i < 2_000; i++) {
          int stream = 2 * i + 1;
          wire.request(stream, Frames.with(Frames.GET_HELLO, "x", "y"));
          wire.send(Frames.RST_STREAM, 0, stream, Frames.number(Frames.CANCEL));
        }
      } catch (SocketException | SSLException e) {
        // It has ended the connection already.
      }
      ends(wire, ENHANCE_YOUR_CALM, "enhance_your_calm");
    }

    @ParameterizedTest
    @DisplayName("§10.5 floods of frames that cost the peer nothing")
    @ValueSource(ints = {Frames.SETTINGS, Frames.PING, Frames.DATA})
    void floods(int type) throws Exception {
      var wire = connect();
      if (type == Frames.DATA) {
        wire.send(Frames.HEADERS, Frames.END_HEADERS, 1, Frames.block(Frames.GET_HELLO));
      }
      try {
        for (int i = 0; i < 5_000; i++) {
          wire.send(
              type,
              0,
              type == Frames.DATA ? 1 : 0,
              type == Frames.PING ? new byte[8] : new byte[0]);
        }
      } catch (SocketException | SSLException e) {
        // It has ended the connection already.
      }
      ends(wire, ENHANCE_YOUR_CALM, "enhance_your_calm");
    }

    @Test
    @DisplayName("CONTINUATION without end")
    void continuations() throws Exception {
      var wire = connect();
      try {
        wire.send(Frames.HEADERS, Frames.END_STREAM, 1, Frames.block(Frames.GET_HELLO));
        for (int i = 0; i < 5_000; i++) {
          wire.send(Frames.CONTINUATION, 0, 1, Frames.block("x-" + i, "y".repeat(100)));
        }
      } catch (SocketException | SSLException e) {
        // It has ended the connection already.
      }
      assertThat(wire.end()).isIn(PROTOCOL_ERROR, ENHANCE_YOUR_CALM, -1);
      assertThat(told("http2")).startsWith("the connection ended");
      serves();
    }

    @Test
    void whoever_only_leaves_has_broken_nothing() throws Exception {
      try (var wire = connect()) {
        wire.request(1, Frames.with(Frames.GET_HELLO));
        assertThat(wire.status(1)).isEqualTo(200);
      }
      try (var wire = connect()) {
        wire.send(Frames.HEADERS, Frames.END_HEADERS, 1, Frames.block(Frames.GET_HELLO));
      }
      serves();
      assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Nested
  @DisplayName("§5.4.2 what breaks one request ends its stream or is 400, and others go on")
  class Streams {
    @Test
    void more_streams_at_once_than_are_offered_are_refused() throws Exception {
      try (var wire = connect()) {
        var slow = Frames.GET_HELLO.clone();
        slow[5] = "/slow";
        for (int i = 0; i < 129; i++) {
          wire.request(2 * i + 1, slow);
        }
        assertThat(wire.status(257)).isEqualTo(-REFUSED_STREAM);
        assertThat(told("http2")).contains("refused_stream");
        release.countDown();
        assertThat(wire.status(1)).isEqualTo(200);
      }
    }

    @Test
    void a_window_of_a_stream_that_grows_beyond_every_bound() throws Exception {
      try (var wire = connect()) {
        var slow = Frames.GET_HELLO.clone();
        slow[5] = "/slow";
        wire.request(1, slow).send(Frames.WINDOW_UPDATE, 0, 1, Frames.number(Integer.MAX_VALUE));
        assertThat(wire.status(1)).isEqualTo(-FLOW_CONTROL_ERROR);
        assertThat(told("http2")).contains("flow_control_error");
        assertThat(wire.request(3, Frames.GET_HELLO).status(3)).isEqualTo(200);
      }
    }

    @ParameterizedTest
    @DisplayName("§8.3 pseudo-header fields that are none, twice, too late, or make no sense")
    @CsvSource(
        delimiter = '|',
        value = {
          ":scheme,https,:path,/hello,:authority,x",
          ":method,GET,:scheme,https,:authority,x",
          ":method,GET,:method,POST,:scheme,https,:path,/hello,:authority,x",
          ":method,GET,:scheme,https,:path,/hello,:path,/other,:authority,x",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,:authority,y",
          ":method,GET,:scheme,https,:path,/hello,x,y,:authority,x",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,:status,200",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,:odd,1",
          ":method,GET,:scheme,https,:path,,:authority,x",
          ":method,GET,:scheme,https,:path,hello,:authority,x",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,X-Upper,1",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,connection,close",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,transfer-encoding,chunked",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,te,gzip",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,host,other",
          ":method,GET,:scheme,https,:path,/hello,:authority,x,content-length,3",
          ":method,GET,:scheme,https,:path,/..%2fhello,:authority,x",
          ":method,GET,:scheme,https,:path,/hello%00,:authority,x",
          ":method,GET,:scheme,https,:path,/hello;x=1,:authority,x",
          ":method,GET,:scheme,https,:path,*,:authority,x",
          ":method,CONNECT,:authority,x",
        })
    void pseudo_headers(String fields) throws Exception {
      try (var wire = connect()) {
        int status = wire.request(1, fields.split(",")).status(1);
        assertThat(status).isNotEqualTo(500).matches(one -> one < 200 || one >= 400);
      }
      serves();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\r\nset-cookie: b=c", "a\nb", "a\0b"})
    void no_value_makes_a_second_line(String value) throws Exception {
      try (var wire = connect()) {
        int status = wire.request(1, Frames.with(Frames.GET_HELLO, "x-one", value)).status(1);
        assertThat(status).isNotEqualTo(500).matches(one -> one < 200 || one >= 400);
      }
      serves();
    }
  }

  @Nested
  @DisplayName("Who takes time holds nothing for long")
  class Slow {
    @Test
    @DisplayName("headers that never end")
    void headers() throws Exception {
      var block = Frames.frame(Frames.HEADERS, 5, 1, Frames.block(Frames.GET_HELLO));
      try (var wire = connect()) {
        for (int i = 0; i < 50 && wire.isOpen(); i++) {
          wire.bytes(new byte[] {block[i]});
        }
        assertThat(wire.isOpen()).as("5 s, and three were enough").isFalse();
      } catch (SocketException | SSLException e) {
        // It has ended the connection already.
      }
      assertThat(told("http2")).contains("too slow");
    }

    @Test
    @DisplayName("a body that never ends")
    void body() throws Exception {
      try (var wire = connect()) {
        var post = Frames.GET_HELLO.clone();
        post[1] = "POST";
        post[5] = "/read";
        wire.send(Frames.HEADERS, Frames.END_HEADERS, 1, Frames.block(post));
        for (int i = 0; i < 8; i++) {
          Thread.sleep(200);
          wire.send(Frames.DATA, 0, 1, new byte[1]);
        }
        assertThat(wire.status(1)).isEqualTo(408);
        assertThat(told("body")).isEqualTo("not whole");
      }
    }

    @Test
    @DisplayName("a window that stays shut: the answer waits for 5 s, not for ever")
    void reader() throws Exception {
      try (var wire = connect()) {
        var large = Frames.GET_HELLO.clone();
        large[5] = "/large";
        assertThat(wire.request(1, large).status(1)).isEqualTo(200);
        long began = System.nanoTime();
        int error = 0;
        while (error == 0) {
          assertThat(System.nanoTime() - began).isLessThan(Duration.ofSeconds(12).toNanos());
          // It is not silent: this keeps the connection from being idle.
          wire.send(Frames.PING, 0, 0, new byte[8]);
          Thread.sleep(200);
          error = wire.reset(1);
        }
        assertThat(error).isEqualTo(Frames.CANCEL);
      }
      serves();
    }
  }

  @Nested
  @DisplayName("RFC 8446 §6.2 a handshake that comes to nothing is told")
  class Handshake {
    private void failing(String... protocols) throws IOException {
      try (var socket = (SSLSocket) trust.getSocketFactory().createSocket("localhost", port)) {
        socket.setEnabledProtocols(protocols);
        socket.setEnabledCipherSuites(new String[] {"TLS_DHE_RSA_WITH_AES_128_CBC_SHA"});
        socket.startHandshake();
        throw new AssertionError("it succeeded");
      } catch (SSLException | SocketException e) {
        // As expected.
      }
    }

    @Test
    void no_cipher_suite_in_common() throws Exception {
      failing("TLSv1.2");
      assertThat(told("tls")).isEqualTo("no cipher suite in common");
      assertThat(told).isEmpty();
    }

    @Test
    void no_tls() throws Exception {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
        socket.setSoTimeout(10_000);
        var _ = socket.getInputStream().readAllBytes();
      } catch (SocketException e) {
        // As expected.
      }
      assertThat(told("tls")).isEqualTo("no TLS");
    }

    @Test
    void a_peer_that_does_not_trust_us() throws Exception {
      try (var socket =
          (SSLSocket) SSLContext.getDefault().getSocketFactory().createSocket("localhost", port)) {
        socket.startHandshake();
        throw new AssertionError("it succeeded");
      } catch (SSLException e) {
        assertThat(told("tls")).startsWith("the peer ended it: certificate_unknown");
      }
    }

    @Test
    @DisplayName("but not the probe of a load balancer, which connects and leaves")
    void who_only_connects() throws Exception {
      new Socket(InetAddress.getLoopbackAddress(), port).close();
      serves();
      assertThat(told.poll(300, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    @DisplayName("and one that never ends is ended")
    void slow() throws Exception {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(100);
        int open = 0;
        var begun = new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, 0, 3, 3};
        for (byte one : Arrays.copyOf(begun, 80)) {
          socket.getOutputStream().write(one);
          try {
            if (socket.getInputStream().read() < 0) {
              break;
            }
          } catch (SocketTimeoutException e) {
            open++;
          }
        }
        assertThat(open).as("tenths of a second, of which ten are enough").isLessThan(80);
      } catch (SocketException e) {
        // It has ended the connection already.
      }
      assertThat(told("tls")).isEqualTo("too slow");
    }
  }
}
