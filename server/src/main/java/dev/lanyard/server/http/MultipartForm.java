package dev.lanyard.server.http;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// What a browser sends of a form that has a file in it. Every field once; names of files and media
/// types are not looked at.
///
/// @spec https://www.rfc-editor.org/rfc/rfc7578.html#section-4 RFC 7578 §4
public final class MultipartForm {
  private static final Pattern TYPE =
      Pattern.compile(
          "multipart/form-data\\s*;\\s*boundary=(\"?)([0-9A-Za-z'()+_,./:=?-]{1,70})\\1\\s*",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern NAME =
      Pattern.compile(
          "(?im)^content-disposition:\\s*form-data\\s*;(?:[^\\r\\n]*;)?\\s*name=\"([^\"\\r\\n]*)\"");
  private static final String LINE = "\r\n";
  private static final int MOST_FIELDS = 20;

  private final Map<String, byte[]> fields;

  private MultipartForm(Map<String, byte[]> fields) {
    this.fields = fields;
  }

  /// Reads the body of a request.
  ///
  /// @throws MalformedException if it is no such form, or a field is in it twice
  public static MultipartForm of(Request request) throws MalformedException {
    return parse(request.header("Content-Type").orElse(""), request.body());
  }

  static MultipartForm parse(String contentType, byte[] body) throws MalformedException {
    var type = TYPE.matcher(contentType);
    if (!type.matches()) {
      throw new MalformedException("the form is not multipart/form-data with a boundary");
    }
    var text = new String(body, StandardCharsets.ISO_8859_1);
    var delimiter = "--" + type.group(2);
    if (!text.startsWith(delimiter)) {
      throw new MalformedException("the form does not begin with its boundary");
    }
    var fields = new HashMap<String, byte[]>();
    int at = delimiter.length();
    while (!text.startsWith("--", at)) {
      int headersEnd = text.indexOf(LINE + LINE, at);
      int end = headersEnd < 0 ? -1 : text.indexOf(LINE + delimiter, headersEnd + LINE.length());
      if (!text.startsWith(LINE, at) || end < 0 || fields.size() == MOST_FIELDS) {
        throw new MalformedException("the form has a part without an end, or too many");
      }
      int from = headersEnd + 2 * LINE.length();
      var value = from > end ? new byte[0] : Arrays.copyOfRange(body, from, end);
      if (fields.put(name(text.substring(at, headersEnd)), value) != null) {
        throw new MalformedException("the form has a field twice");
      }
      at = end + LINE.length() + delimiter.length();
    }
    return new MultipartForm(fields);
  }

  private static String name(String headers) throws MalformedException {
    var name = NAME.matcher(headers);
    if (!name.find()) {
      throw new MalformedException("the form has a part without a name");
    }
    return name.group(1);
  }

  /// A field as text; empty if it is not there.
  ///
  /// @throws MalformedException if it is no UTF-8
  public String text(String name) throws MalformedException {
    return StrictUtf8.decode(fields.getOrDefault(name, new byte[0]));
  }

  /// Only which fields: what is in them may be personal.
  @Override
  public String toString() {
    return "MultipartForm" + fields.keySet();
  }
}
