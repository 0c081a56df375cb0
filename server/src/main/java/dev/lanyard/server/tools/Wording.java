package dev.lanyard.server.tools;

import dev.lanyard.server.tools.Suspicion.Kind;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// Finds sentences that are meant for the model and not for the person: the wording of published
/// attacks (tool poisoning, shadowing, full-schema poisoning, line jumping), by their moves and not
/// by their words alone.
final class Wording {
  private static final int AROUND = 40;
  private static final int LONGEST_EXCERPT = 160;

  /// A search takes time in proportion to some square of the text, and the text is a stranger's.
  private static final int MOST_SEARCHED = 12_000;

  /// Who is kept out of it.
  private static final String PEOPLE =
      "(the |your |any )?(user|human|person|operator|people|anyone|them)s?";

  /// What only its owner should read.
  private static final String SECRETS =
      "(~/|/etc/(passwd|shadow|hosts)|\\.ssh\\b|\\bssh keys?\\b|\\bid[_ ](rsa|ed25519|ecdsa)\\b"
          + "|\\.env\\b(?!ironment)|\\.aws\\b|\\.kube\\b|\\.netrc\\b|\\.npmrc\\b|\\.cursor\\b|\\bmcp\\.json\\b|\\.git-credentials\\b|\\bprivate"
          + " keys?\\b|\\bseed phrases?\\b|\\b(their|your|the (user|person|client|agent)'?s?) (own"
          + " )?(api keys?|passwords?|credentials?|tokens?|secrets?)\\b)";

  private static final Map<Kind, List<Pattern>> MOVES =
      Map.of(
          Kind.OVERRIDES_INSTRUCTIONS,
          List.of(
              pattern(
                  "\\b(ignore|disregard|forget|override|bypass|discard|do not"
                      + " follow)\\b.{0,30}\\b(previous|prior|earlier|above|preceding|existing|other|system|all|any|safety|security|original)\\b.{0,30}\\b(instructions?|prompts?|rules|messages|directions|guidelines|policies|restrictions|context|commands|descriptions?)\\b"),
              pattern(
                  "\\b(these|this|the following|new|my)"
                      + " (instructions?|rules?|directives?|tool|description)\\b.{0,30}\\b(take|takes|has|have|override|overrides|supersede|supersedes|replace|replaces)\\b.{0,20}\\b(precedence|priority|all|any|previous|other|system)\\b"),
              pattern("\\byou are (now|no longer)\\b"),
              pattern("\\b(pretend|act as if|act as though|roleplay|jailbreak|developer mode)\\b"),
              pattern(
                  "\\b(critical|important|mandatory|system|security)"
                      + " (instruction|directive|notice|override|requirement)s?\\b *(:|for|to)"
                      + " ?.{0,20}(\\b(ai|assistant|model|llm|agent)s?\\b)?"),
              pattern(
                  "\\b(assistant|model|llm|ai( agent)?|agent)s? (must|has to|have to|shall|should"
                      + " (always|first|never))\\b")),
          Kind.HIDES_FROM_PEOPLE,
          List.of(
              pattern(
                  "\\b(do not|don't|dont|never|must not|should not|shouldn't|avoid|refrain from|no"
                      + " need"
                      + " to)\\b.{0,20}\\b(tell|telling|mention|mentioning|inform|informing|reveal|show|showing|notify|notifying|alert|alerting|disclose|disclosing|display|explain|report)\\b.{0,60}\\b"
                      + PEOPLE
                      + "\\b"),
              pattern(
                  "\\bwithout\\b.{0,20}\\b(telling|informing|notifying|asking|alerting|mentioning|the"
                      + " knowledge of)\\b.{0,30}\\b"
                      + PEOPLE
                      + "\\b"),
              pattern(
                  "\\b(do not|don't|never|must"
                      + " not)\\b.{0,10}\\b(mention|reveal|disclose|explain)\\b.{0,40}\\b(this|that|these|it|instructions?|step|file|reading|why)\\b"),
              pattern(
                  "\\b(secretly|silently|covertly|behind the scenes|hidden"
                      + " from)\\b.{0,60}\\b(sends?|sent|reads?|calls?|called|includes?d?|forwards?|forwarded|cop(y|ies|ied)|runs?|executes?d?|appends?|appended|user)\\b")),
          Kind.PROMPT_MARKS,
          List.of(
              pattern(
                  "<\\s*/?\\s*(important|system|sys|instructions?|secret|admin|critical|hidden|assistant|user|human|prompt|context|rules?|tool_call|function_calls?)\\b[^>]{0,40}>"),
              pattern("(<\\|[a-z_]{2,20}\\|>|\\[/?inst\\]|<</?sys>>)"),
              pattern("(^|\\s)#{2,}\\s*(system|instructions?|new task|assistant)\\b"),
              pattern("(^|\\n)\\s*(system|assistant|human|user) ?: ")),
          Kind.READS_SECRETS,
          List.of(
              pattern(
                  "\\b(read|reading|open|opening|cat|load|access|fetch|include|get|pass|send|provide|attach|upload|paste|copy|contents?"
                      + " (of|from)|exfiltrate|supply|extract)\\b.{0,80}"
                      + SECRETS),
              pattern(
                  "\\b(content|contents|data)\\b.{0,10}\\b(of|from)\\b.{0,12}\\breading\\b.{0,20}\\b(ssh|file|env|key|passwd)\\b"),
              pattern(
                  "\\b(read|reading|cat|open)\\b.{0,30}\\b(file|files|content|contents)\\b.{0,80}\\b(pass|put|include|send|append|provide|as|into)\\b.{0,30}['\"`“]?(sidenote|side"
                      + " note|context|notes?|metadata|feedback|debug|parameter|argument|extra)\\b")),
          Kind.STEERS_TOOLS,
          List.of(
              pattern(
                  "\\b(before|after|when|whenever|prior to|every time|each time|instead"
                      + " of)\\b.{0,30}\\b(using|calling|invoking|running|executing|you use|you"
                      + " call|you invoke|you run|is"
                      + " (called|used|invoked|available|present))\\b.{0,20}\\b(this|that|any|other|every|all|another|the)\\b.{0,30}\\b(tool|function|command)s?\\b.{0,80}\\b(must|always|first|call|use|read|run|do|ensure|make"
                      + " sure|change|modify|replace|send)\\b"),
              pattern(
                  "\\b(must|always|first|also|have to|should"
                      + " always)\\b.{0,20}\\b(call|use|run|invoke|execute|trigger)\\b.{0,60}\\b(before|prior"
                      + " to|after|in addition to|instead of|whenever|for every|every"
                      + " time)\\b.{0,40}\\b(any|other|every|all|each|another|tool|tools|request|message|response|answer)\\b"),
              pattern(
                  "\\b(when|whenever|if)\\b.{0,60}\\b(tool|function)s?\\b.{0,30}\\b(is|are)\\b.{0,20}\\b(available|present|called|used|invoked)\\b.{0,120}\\b(must|always|send|change|replace|set|use|add)\\b"),
              pattern(
                  "\\b(must|always|should)\\b.{0,20}\\b(send|forward|redirect|deliver|bcc|cc|copy)\\b.{0,60}\\b(all|every|each|any)\\b.{0,40}\\b(e-?mails?|messages?|payments?|transactions?|files?|requests?|results?)\\b"),
              pattern(
                  "\\b(do"
                      + " not|don't|never)\\b.{0,10}\\b(use|call|invoke|trust)\\b.{0,20}\\b(any|the|other)\\b.{0,20}\\b(other|original|old|built-?in|official)\\b.{0,20}\\b(tool|function|server)s?\\b")),
          Kind.TAKES_CONVERSATION,
          List.of(
              pattern(
                  "\\b(include|send|pass|append|provide|forward|put|collect|copy|insert|fill"
                      + " in|write|add|supply|place)\\b.{0,60}\\b(conversation|chat|dialogue|message|prompt|system"
                      + " prompt|context window)s?\\b.{0,12}\\b(history|so"
                      + " far|log|content|verbatim|transcript|in full)\\b"),
              pattern(
                  "\\b(full|entire|whole|complete|verbatim|previous)\\b.{0,20}\\b(conversation|chat"
                      + " history|system prompt|context window|user's messages?|tool results?|model"
                      + " name)\\b"),
              pattern(
                  "\\b(include|send|pass|append|provide|put|reveal|repeat|output|print)\\b.{0,40}\\b(system"
                      + " prompt|chain of thought|list of (all |available |the )*tools)\\b")));

  private static final Pattern LINK =
      Pattern.compile(
          "(?i)\\b(https?|ftp|file|javascript|wss?)://?[^\\s\"'<>)]{1,200}|\\bdata:[a-z]+/[a-z0-9.+-]+[;,]|!\\[[^\\]]{0,80}\\]\\(");

  /// Looked for at the beginning of a run of such letters only: what is in the rest of it is in all
  /// of it, and looking from each letter on takes the square of their number.
  private static final Pattern ENCODED =
      Pattern.compile(
          "(?<![A-Za-z0-9+/_-])(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])(?=[A-Za-z0-9+/_-]*[0-9])[A-Za-z0-9+/_-]{40,}={0,2}|\\b[0-9a-fA-F]{80,}\\b|(\\\\x[0-9a-fA-F]{2}){8,}|(%[0-9a-fA-F]{2}){8,}");

  /// Blank space is read from its beginning, once and in one way only: a long run of it would keep
  /// the search busy for longer than anybody waits.
  private static final Pattern OUT_OF_SIGHT =
      Pattern.compile("((?<! ) {40,}+|(?<!\\s)(?:[^\\S\\n]*+\\n){12}\\s*+)\\S");

  private Wording() {}

  private static Pattern pattern(String text) {
    return Pattern.compile(text, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
  }

  static List<Suspicion> inspect(String pointer, String text) {
    if (text.length() > MOST_SEARCHED) {
      var found = new ArrayList<Suspicion>();
      found.add(new Suspicion(Kind.TOO_LONG, pointer, text.length() + " characters in one text"));
      found.addAll(search(pointer, text.substring(0, MOST_SEARCHED / 2)));
      found.addAll(search(pointer, text.substring(text.length() - MOST_SEARCHED / 2)));
      return found;
    }
    return search(pointer, text);
  }

  private static List<Suspicion> search(String pointer, String text) {
    var found = new ArrayList<Suspicion>();
    var plain = plain(text);
    for (var kind : Kind.values()) {
      for (var move : MOVES.getOrDefault(kind, List.of())) {
        if (add(found, kind, pointer, plain, move)) {
          break;
        }
      }
    }
    add(found, Kind.LINK, pointer, text, LINK);
    add(found, Kind.ENCODED, pointer, text, ENCODED);
    add(found, Kind.OUT_OF_SIGHT, pointer, text, OUT_OF_SIGHT);
    return found;
  }

  /// What a model makes of the text: letters in other guises are plain, and what is not seen is not
  /// there. Line ends stay, as marks stand at the beginning of lines.
  private static String plain(String text) {
    var plain = new StringBuilder(text.length());
    Normalizer.normalize(text, Normalizer.Form.NFKC)
        .codePoints()
        .forEach(point -> {
          if (point == '\n' || Visible.isShown(point)) {
            plain.appendCodePoint(point == '\u2019' ? '\'' : point);
          } else if (Character.isWhitespace(point)) {
            plain.append(' ');
          }
        });
    return plain.toString().replaceAll("[ ]{2,}", " ");
  }

  private static boolean add(
      List<Suspicion> found, Kind kind, String pointer, String text, Pattern move) {
    var matcher = move.matcher(text);
    if (!matcher.find()) {
      return false;
    }
    int from = Math.max(0, matcher.start() - AROUND);
    int to = Math.min(text.length(), Math.min(matcher.end() + AROUND, from + LONGEST_EXCERPT));
    found.add(new Suspicion(kind, pointer, Visible.line(text.substring(from, to)).strip()));
    return true;
  }
}
