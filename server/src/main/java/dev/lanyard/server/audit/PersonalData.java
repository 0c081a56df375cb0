package dev.lanyard.server.audit;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.protocol.json.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What in evidence tells who somebody is: the members that are called so, and those in whose text
/// an e-mail address stands. Our own id of a person tells that to nobody who has not got the
/// directory, and stays.
public final class PersonalData {
  /// In place of them stands one member of this name.
  public static final String CONCEALED = "concealed";

  private static final Set<String> NAMES =
      Set.of(
          "email",
          "emails",
          "user_name",
          "name_id",
          "preferred_username",
          "display_name",
          "given_name",
          "family_name",
          "sub",
          "subject",
          "external_id",
          "login_hint",
          "address",
          // What an administrator wants to see of arguments and results of tools, whatever it is.
          "disclosed");

  /// What is in no address but in much around it.
  private static final String BESIDE_ADDRESSES = " \t\n\u000b\f\r\"@:/";

  private static final List<String> QUOTED = NAMES.stream().map(name -> '"' + name + '"').toList();

  private PersonalData() {}

  /// Evidence in its two parts.
  public record Parts(JsonObject others, JsonObject personal) {}

  /// What is personal in the evidence of a record about somebody.
  ///
  /// @return empty if nothing is, or it is about nobody whom we know
  public static Optional<Parts> of(StoredRecord record) {
    if (record.person().isEmpty() || !mayBeIn(record.evidence())) {
      return Optional.empty();
    }
    try {
      var all = JsonObject.parseLarge(record.evidence().getBytes(StandardCharsets.UTF_8));
      var others = all;
      var personal = all;
      for (var name : all.names()) {
        if (isPersonal(all, name)) {
          others = others.without(name);
        } else {
          personal = personal.without(name);
        }
      }
      return personal.isEmpty() || all.has(CONCEALED)
          ? Optional.empty()
          : Optional.of(new Parts(others, personal));
    } catch (MalformedException e) {
      // Not written by us: verification will name it.
      return Optional.empty();
    }
  }

  /// Reading JSON costs more than all else that becoming a leaf does, and nearly no record has any
  /// of this. Whatever is spelled in another way than plainly is read.
  private static boolean mayBeIn(String evidence) {
    return evidence.indexOf('@') >= 0
        || evidence.contains("\\u")
        || QUOTED.stream().anyMatch(evidence::contains);
  }

  /// Lists and objects are looked at by their name only: programs read them.
  private static boolean isPersonal(JsonObject evidence, String name) {
    return NAMES.contains(name) || isText(evidence, name);
  }

  private static boolean isText(JsonObject evidence, String name) {
    try {
      return evidence.string(name).filter(PersonalData::hasAddress).isPresent();
    } catch (MalformedException e) {
      return false;
    }
  }

  /// Whether somewhere an at sign stands between a name and a domain of two labels. Each character
  /// is looked at twice at most: the text may be a stranger's, and one thread looks at everybody's.
  static boolean hasAddress(String text) {
    for (int at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
      if (at > 0 && isOfAddress(text.charAt(at - 1)) && isDomain(text, at + 1)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isDomain(String text, int from) {
    for (int i = from; i < text.length() && isOfAddress(text.charAt(i)); i++) {
      if (i > from && text.charAt(i) == '.' && i + 1 < text.length()) {
        char next = text.charAt(i + 1);
        if (isOfAddress(next) || next == ':' || next == '/') {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isOfAddress(char one) {
    return BESIDE_ADDRESSES.indexOf(one) < 0;
  }
}
