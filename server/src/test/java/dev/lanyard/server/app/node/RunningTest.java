package dev.lanyard.server.app.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What a node has started ends")
class RunningTest {
  private final List<String> ended = new ArrayList<>();
  private final Running running = new Running();

  private AutoCloseable named(String name) {
    return () -> ended.add(name);
  }

  @Test
  void doors_before_parts_and_the_newest_first() {
    running.add(named("database"));
    running.addDoor(named("clock"));
    running.add(named("deliveries"));
    running.addDoor(named("listeners"));

    running.close();

    assertThat(ended).containsExactly("listeners", "clock", "deliveries", "database");
  }

  @Test
  void although_something_else_fails_to() {
    running.add(named("database"));
    running.add(() -> {
      throw new IllegalStateException("cannot end");
    });

    running.close();

    assertThat(ended).containsExactly("database");
  }

  @Test
  void once() {
    running.add(named("database"));

    running.close();
    running.close();

    assertThat(ended).containsExactly("database");
  }
}
