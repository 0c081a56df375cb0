package dev.lanyard.benchmarks.gateway;

import dev.lanyard.protocol.egress.TrustedTls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/// A hundred streams in each connection, as a load balancer or a large client opens them: a stream
/// takes one file of the gateway, not two.
final class Http2Streams implements IdleStreams.Way, AutoCloseable {
  /// Fewer than a server of ours allows (128).
  private static final int PER_CONNECTION = 100;

  private final URI address;
  private final List<HttpClient> connections;
  private final AtomicInteger opened = new AtomicInteger();

  /// @param port of the gateway
  /// @param authority the certificate to trust, a PEM file
  /// @param most how many streams there will be at most
  Http2Streams(int port, Path authority, int most) throws IOException {
    this.address = URI.create("https://" + Loopback.NAME + ":" + port + "/mcp");
    this.connections = new ArrayList<>();
    SSLContext trusting;
    try (var pem = Files.newInputStream(authority)) {
      trusting = TrustedTls.context(TrustedTls.readPem(pem));
    }
    for (int i = 0; i < most; i += PER_CONNECTION) {
      // A client of the JDK has one connection to a server.
      connections.add(HttpClient.newBuilder().version(Version.HTTP_2).sslContext(trusting).build());
    }
  }

  @Override
  public IdleStreams.Stream open(String token) throws IOException {
    var client = connections.get(opened.getAndIncrement() % connections.size());
    var request =
        HttpRequest.newBuilder(address)
            .header("Authorization", "Bearer " + token)
            .header("Accept", "application/json, text/event-stream")
            .header("MCP-Protocol-Version", "2025-11-25")
            .build();
    try {
      var response = client.send(request, BodyHandlers.ofInputStream());
      if (response.statusCode() != 200 || response.version() != Version.HTTP_2) {
        response.body().close();
        throw new IOException("no stream: " + response);
      }
      return new Open(response.body());
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while opening a stream", e);
    }
  }

  private record Open(InputStream body) implements IdleStreams.Stream {
    /// A stream that the gateway cancels is over, as one that ends.
    @Override
    public void awaitEnd() {
      try {
        body.transferTo(OutputStream.nullOutputStream());
      } catch (IOException e) {
        // The client has no other way to say it.
      }
    }

    @Override
    public void close() throws IOException {
      body.close();
    }
  }

  @Override
  public String name() {
    return "HTTP/2";
  }

  @Override
  public void close() {
    connections.forEach(HttpClient::shutdownNow);
  }
}
