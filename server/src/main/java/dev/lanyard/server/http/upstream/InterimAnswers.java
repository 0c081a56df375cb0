package dev.lanyard.server.http.upstream;

import java.io.IOException;
import org.eclipse.jetty.client.EarlyHintsProtocolHandler;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;

/// Passes over what a server sends before its answer, asked for or not, as long as that comes to an
/// end. Jetty's own handlers take one of each kind, and any number of others.
///
/// @spec https://www.rfc-editor.org/rfc/rfc9110.html#section-15.2 RFC 9110 §15.2
final class InterimAnswers extends EarlyHintsProtocolHandler {
  private static final int MOST = 20;

  @Override
  public boolean accept(Request request, Response response) {
    int status = response.getStatus();
    return status >= 100 && status < 200 && status != 101;
  }

  @Override
  protected void onEarlyHints(Request request, HttpFields headers) {
    int before = request.getAttributes().get(NAME) instanceof Integer many ? many : 0;
    request.attribute(NAME, before + 1);
    if (before == MOST) {
      var _ = request.abort(new IOException("more than " + MOST + " answers before the answer"));
    }
  }
}
