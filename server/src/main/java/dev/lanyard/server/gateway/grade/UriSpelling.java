package dev.lanyard.server.gateway.grade;

import dev.lanyard.protocol.json.MalformedException;
import dev.lanyard.protocol.json.StrictUtf8;
import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Pattern;

/// How a URI is written. Servers read them in different ways: some leave out a tab, decode what is
/// escaped, resolve steps, forget user, port and query, or have files whose names do not tell large
/// letters from small ones. What one of them could take for another URI is told here.
///
/// @param whole as the most forgiving server could read it; two that are alike could be one
/// @param path the same without query and fragment
/// @spec https://url.spec.whatwg.org/#concept-basic-url-parser WHATWG URL, basic URL parser
record UriSpelling(String whole, String path) {
  /// Longer ones are none.
  private static final int LONGEST = 2_048;

  private static final String UNRESERVED = "-._~";

  /// RFC 3986, with the braces of templates. Letters of other scripts, which would have to be
  /// escaped, are what everybody reads alike.
  private static final String RESERVED = ":/?#[]@!$&'()*+,;={}";

  /// Somebody before the host: where that is, only a parser knows.
  private static final Pattern USER = Pattern.compile("[^/?#]*:/{2,}[^/?#]*@.*");

  /// Dots, also before blanks that some file systems leave out, where a step could be.
  private static final Pattern STEP = Pattern.compile("(?:^|[/?#=&;:,@])[. ]+(?:$|[/?#=&;,])");

  private static final Pattern SEPARATORS = Pattern.compile("[&;?#]");
  private static final Pattern NAME_END = Pattern.compile("[=\\[]");
  private static final Pattern IGNORED = Pattern.compile("\\p{Cf}|\\p{Cc}");
  private static final Pattern SLASHES = Pattern.compile("/{2,}");
  private static final Pattern PARAMETERS = Pattern.compile(";[^/?#]*");

  /// Some file systems leave them out at the end of a name.
  private static final Pattern TRAILING = Pattern.compile("[. ]+(?=[/?#])");

  private static final Pattern LAST = Pattern.compile("[. ]+$");

  private static final Pattern QUERY = Pattern.compile("[?#].*", Pattern.DOTALL);
  private static final Pattern AUTHORITY = Pattern.compile("(?:[^/?#]*@)?([^/?#]*?)(?::[0-9]*)?");

  /// Whether every reader takes a URI for the same one, as far as its form tells.
  static boolean isPlain(String uri) {
    if (uri.length() > LONGEST
        || !hasPlainCharacters(uri)
        || USER.matcher(uri).matches()
        || repeatsParameter(uri)) {
      return false;
    }
    try {
      var read = StrictUtf8.decode(unescaped(uri));
      return !STEP.matcher(Normalizer.normalize(read, Normalizer.Form.NFKC)).find()
          && read.chars().noneMatch(Character::isISOControl);
    } catch (MalformedException e) {
      return false;
    }
  }

  private static boolean hasPlainCharacters(String uri) {
    for (int i = 0; i < uri.length(); i++) {
      char one = uri.charAt(i);
      if (one == '%' && isEscapedWithReason(uri, i)) {
        i += 2;
      } else if (!isUnreserved(one) && RESERVED.indexOf(one) < 0 && !isForeign(uri, i)) {
        return false;
      }
    }
    return true;
  }

  /// Also the second half of one that has two.
  private static boolean isForeign(String uri, int at) {
    int one = uri.codePointAt(Character.isLowSurrogate(uri.charAt(at)) && at > 0 ? at - 1 : at);
    return one > 0x7f
        && (Character.isLetterOrDigit(one) || Character.getType(one) == Character.NON_SPACING_MARK);
  }

  private static boolean isUnreserved(int one) {
    return (one >= 'a' && one <= 'z')
        || (one >= 'A' && one <= 'Z')
        || (one >= '0' && one <= '9')
        || UNRESERVED.indexOf(one) >= 0;
  }

  /// Some take the first of two, and some the last.
  private static boolean repeatsParameter(String uri) {
    int query = uri.indexOf('?');
    if (query < 0) {
      return false;
    }
    var names = new HashSet<String>();
    for (var parameter : SEPARATORS.split(uri.substring(query + 1), -1)) {
      var name = NAME_END.split(parameter, 2)[0];
      if (!name.isEmpty() && !names.add(folded(name))) {
        return true;
      }
    }
    return false;
  }

  /// Not what nobody has to escape, nor what is read once more (`%`), ends texts or separates
  /// steps.
  private static boolean isEscapedWithReason(String uri, int at) {
    if (!isEscape(uri, at)) {
      return false;
    }
    int one = escaped(uri, at);
    return one >= ' ' && one != 0x7f && one != '%' && one != '\\' && !isUnreserved(one);
  }

  /// Of a whole URI.
  static UriSpelling of(String uri) {
    return spelled(LAST.matcher(folded(uri)).replaceFirst(""));
  }

  /// Of what others begin with.
  static UriSpelling ofBeginning(String uri) {
    return spelled(folded(uri));
  }

  private static UriSpelling spelled(String folded) {
    return new UriSpelling(folded, QUERY.matcher(folded).replaceFirst(""));
  }

  /// Whether two whole URIs could be one.
  boolean isLike(UriSpelling other) {
    return withoutEnd(whole).equals(withoutEnd(other.whole));
  }

  /// Whether they could be for a server that looks at the path alone.
  boolean leadsTo(UriSpelling other) {
    return withoutEnd(path).equals(withoutEnd(other.path));
  }

  /// Whether it could begin so.
  boolean beginsLike(UriSpelling beginning) {
    return beginning.whole.equals(beginning.path)
        ? whole.startsWith(beginning.whole)
        : leadsTo(beginning);
  }

  private static String withoutEnd(String folded) {
    return folded.endsWith("/") ? folded.substring(0, folded.length() - 1) : folded;
  }

  private static String folded(String uri) {
    var text = Normalizer.normalize(decoded(uri), Normalizer.Form.NFKC);
    text = IGNORED.matcher(text).replaceAll("");
    // In this order, as some letters have one capital with another small letter.
    text = text.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT).replace('\\', '/');
    int scheme = text.indexOf(':') + 1;
    var rest = text.substring(scheme).replace('+', ' ');
    var named = text.substring(0, scheme);
    rest = rest.startsWith("//") ? afterAuthority(named, rest.substring(2)) : rest;
    rest = SLASHES.matcher(rest).replaceAll("/").replaceFirst("^/", "");
    rest = PARAMETERS.matcher(rest).replaceAll("");
    return named + TRAILING.matcher(rest).replaceAll("");
  }

  /// Without user and port, in the letters that it stands for; of a file also without the host,
  /// which is this machine.
  private static String afterAuthority(String scheme, String rest) {
    int end = 0;
    while (end < rest.length() && "/?#".indexOf(rest.charAt(end)) < 0) {
      end++;
    }
    var authority = AUTHORITY.matcher(rest.substring(0, end));
    var host = scheme.equals("file:") || !authority.matches() ? "" : authority.group(1);
    return IDN.toUnicode(host) + rest.substring(end);
  }

  private static String decoded(String uri) {
    return new String(unescaped(uri), StandardCharsets.UTF_8);
  }

  private static byte[] unescaped(String uri) {
    var bytes = new ByteArrayOutputStream(uri.length());
    for (int i = 0; i < uri.length(); ) {
      if (isEscape(uri, i)) {
        bytes.write(escaped(uri, i));
        i += 3;
      } else {
        int next = uri.offsetByCodePoints(i, 1);
        bytes.writeBytes(uri.substring(i, next).getBytes(StandardCharsets.UTF_8));
        i = next;
      }
    }
    return bytes.toByteArray();
  }

  private static boolean isEscape(String text, int at) {
    return text.charAt(at) == '%'
        && at + 2 < text.length()
        && HexFormat.isHexDigit(text.charAt(at + 1))
        && HexFormat.isHexDigit(text.charAt(at + 2));
  }

  private static int escaped(String text, int at) {
    return HexFormat.fromHexDigits(text, at + 1, at + 3);
  }
}
