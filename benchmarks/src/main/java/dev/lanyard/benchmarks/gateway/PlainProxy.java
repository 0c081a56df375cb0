package dev.lanyard.benchmarks.gateway;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.client.BufferingResponseListener;
import org.eclipse.jetty.client.ByteBufferRequestContent;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.Result;
import org.eclipse.jetty.client.transport.HttpClientTransportOverHTTP;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.ClientConnector;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Promise;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// The floor: a proxy of the same HTTP server and client that only passes on, looks at nothing,
/// records nothing, and has no thread that waits.
///
/// Its argument is the port of the server behind it.
final class PlainProxy {
  static final String NAME = "proxy";

  private PlainProxy() {}

  public static void main(String[] arguments) throws Exception {
    var client = new HttpClient(new HttpClientTransportOverHTTP(connector()));
    client.setFollowRedirects(false);
    client.start();
    client.getContentDecoderFactories().clear();
    var server = new Server(threads());
    var http = new ServerConnector(server, 1, 1);
    http.setHost(InetAddress.getLoopbackAddress().getHostAddress());
    server.addConnector(http);
    server.setHandler(new Passing(client, "http://127.0.0.1:" + arguments[0] + "/mcp"));
    server.start();
    try {
      Peer.serve(Map.of(NAME, String.valueOf(http.getLocalPort())));
    } finally {
      server.stop();
      client.stop();
    }
  }

  private static ClientConnector connector() {
    var connector = new ClientConnector();
    connector.setSelectors(1);
    connector.setExecutor(threads());
    return connector;
  }

  private static QueuedThreadPool threads() {
    var threads = new QueuedThreadPool(32, 4);
    threads.setDaemon(true);
    return threads;
  }

  private static final class Passing extends Handler.Abstract.NonBlocking {
    private final HttpClient client;
    private final String upstream;

    Passing(HttpClient client, String upstream) {
      this.client = client;
      this.upstream = upstream;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      Content.Source.asByteBuffer(
          request, Promise.from(body -> pass(request, body, response, callback), callback::failed));
      return true;
    }

    private void pass(Request request, ByteBuffer body, Response response, Callback callback) {
      client
          .newRequest(upstream)
          .method(request.getMethod())
          .headers(headers ->
              headers.put(HttpHeader.ACCEPT, request.getHeaders().get(HttpHeader.ACCEPT)))
          .body(new ByteBufferRequestContent("application/json", body))
          .send(
              new BufferingResponseListener() {
                @Override
                public void onComplete(Result result) {
                  if (result.isFailed()) {
                    callback.failed(result.getFailure());
                    return;
                  }
                  response.setStatus(result.getResponse().getStatus());
                  response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
                  response.write(true, ByteBuffer.wrap(getContent()), callback);
                }
              });
    }
  }
}
