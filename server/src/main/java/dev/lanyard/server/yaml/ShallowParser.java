package dev.lanyard.server.yaml;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.ParserException;
import org.snakeyaml.engine.v2.parser.Parser;

/// Refuses what is nested deeper than people write. Who composes its events recurses, and a deeper
/// file would exhaust the stack.
final class ShallowParser implements Parser {
  static final int MOST_LEVELS = 50;

  private final Parser parser;
  private int level;

  ShallowParser(Parser parser) {
    this.parser = parser;
  }

  @Override
  public boolean checkEvent(Event.ID choice) {
    return parser.checkEvent(choice);
  }

  @Override
  public Event peekEvent() {
    return parser.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return parser.hasNext();
  }

  /// @throws ParserException if it begins a level too many
  @Override
  public Event next() {
    var event = parser.next();
    switch (event.getEventId()) {
      case SequenceStart, MappingStart -> {
        level++;
        if (level > MOST_LEVELS) {
          throw new ParserException(
              "nested deeper than " + MOST_LEVELS + " levels", event.getStartMark());
        }
      }
      case SequenceEnd, MappingEnd -> level--;
      default -> {}
    }
    return event;
  }
}
