package dev.lanyard.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Consumer;

/// A person who agrees to everything: the authorization servers of the suite ask nobody and
/// redirect at once.
final class SuiteBrowser implements Consumer<URI> {
  private final HttpClient http =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();

  @Override
  public void accept(URI url) {
    try {
      http.send(HttpRequest.newBuilder(url).build(), BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
