package dev.lanyard.server.audit;

import dev.lanyard.protocol.hash.Sha256;
import dev.lanyard.protocol.json.Excerpt;
import dev.lanyard.protocol.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;

/// Evidence as it is recorded: with no token in it, and never more than can be read again, whoever
/// has supplied it.
final class EvidenceText {
  /// In place of what does not fit stands one member of this name.
  static final String SHORTENED = "shortened";

  /// Of the JSON text, in characters: concealed and in UTF-8 it is still less than what is read.
  static final int MOST = 512 * 1024;

  /// In place of a token.
  private static final String REMOVED = "[token removed]";

  /// How a token begins: `{"` in base64url.
  private static final String BEGINNING = "eyJ";

  /// Characters of the first part of a token.
  private static final int SHORTEST_HEADER = 8;

  /// Signed and encrypted JWTs have two and four.
  private static final int FEWEST_DOTS = 2;

  private static final int MOST_DOTS = 4;

  /// Characters of a member, with its name, that stays whole in evidence that is shortened.
  private static final int SMALL = 1_024;

  private static final int LONGEST_EXCERPT = 256;

  /// Characters that are left for the member that says what is missing.
  private static final int FOR_ITSELF = 8 * 1024;

  private static final int MOST_NAMED = 10;
  private static final int LONGEST_NAME = 100;

  private EvidenceText() {}

  /// The text that is recorded. Of evidence that is too large it is as much as a record needs, and
  /// says so: a record is never lost for its size.
  static String of(JsonObject evidence) {
    var text = evidence.toJson();
    return withoutTokens(text.length() <= MOST ? text : shortened(evidence, MOST).toJson());
  }

  /// Evidence with what is small of it, in its order; of long texts the beginning.
  ///
  /// @param most characters of its JSON text, well above 8 Ki
  static JsonObject shortened(JsonObject evidence, int most) {
    var kept = JsonObject.builder();
    var cut = new ArrayList<String>();
    int left = most - FOR_ITSELF;
    for (var name : evidence.names()) {
      var value = evidence.text(name).orElseThrow();
      boolean isSmall = name.length() + value.length() <= SMALL;
      var member =
          isSmall ? evidence.only(name) : JsonObject.builder().put(name, beginning(value)).build();
      int length = member.toJson().length();
      if (!isSmall || length > left) {
        cut.add(Excerpt.marked(name, LONGEST_NAME));
      }
      if (length <= left) {
        kept.putAll(member);
        left -= length;
      }
    }
    var said =
        JsonObject.builder()
            .put("characters", evidence.toJson().length())
            .put("sha256", HexFormat.of().formatHex(Sha256.of(evidence.toJson())))
            .put("members", cut.stream().limit(MOST_NAMED).toList())
            .build();
    return kept.put(SHORTENED, said).build();
  }

  /// Half of a token would not be known for one.
  private static String beginning(String value) {
    return Excerpt.marked(withoutTokens(value), LONGEST_EXCERPT);
  }

  /// The last line of defence for AUD-4: whatever has the shape of a signed or encrypted JWT is
  /// taken out. Each character is looked at a few times at most: the text may be a stranger's.
  static String withoutTokens(String text) {
    int begin = text.indexOf(BEGINNING);
    if (begin < 0) {
      return text;
    }
    var rest = new StringBuilder(text.length());
    int copied = 0;
    while (begin >= 0) {
      int end = endOfToken(text, begin);
      if (end > begin) {
        rest.append(text, copied, begin).append(REMOVED);
        copied = end;
      } else {
        // Whatever else begins in this part has the same end, and is shorter.
        end = endOfPart(text, begin);
      }
      begin = text.indexOf(BEGINNING, end);
    }
    return rest.append(text, copied, text.length()).toString();
  }

  /// @return where the token ends that begins here; -1 if none does
  private static int endOfToken(String text, int begin) {
    int end = endOfPart(text, begin);
    if (end - begin < SHORTEST_HEADER) {
      return -1;
    }
    int dots = 0;
    while (dots < MOST_DOTS && end < text.length() && text.charAt(end) == '.') {
      end = endOfPart(text, end + 1);
      dots++;
    }
    return dots < FEWEST_DOTS ? -1 : end;
  }

  private static int endOfPart(String text, int begin) {
    int end = begin;
    while (end < text.length() && isBase64Url(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean isBase64Url(char one) {
    return (one >= 'A' && one <= 'Z')
        || (one >= 'a' && one <= 'z')
        || (one >= '0' && one <= '9')
        || one == '_'
        || one == '-';
  }
}
