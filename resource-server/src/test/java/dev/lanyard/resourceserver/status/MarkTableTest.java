package dev.lanyard.resourceserver.status;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The deny set in flat arrays")
class MarkTableTest {
  private final MarkTable table = new MarkTable();
  private final Random random = new Random(7);

  private Mark mark() {
    return new Mark(random.nextLong(), random.nextLong());
  }

  private static MarkTable.Entry later(MarkTable.Entry old, MarkTable.Entry fresh) {
    return fresh.before() >= old.before() ? fresh : old;
  }

  @Test
  @DisplayName("answers like a map, whatever is put in, put again and forgotten")
  void like_a_map() {
    var map = new HashMap<Mark, MarkTable.Entry>();
    for (int i = 0; i < 20_000; i++) {
      var mark = i % 3 == 0 && !map.isEmpty() && i > 10 ? map.keySet().iterator().next() : mark();
      var entry = new MarkTable.Entry(random.nextInt(1_000), random.nextInt(1_000), i);
      table.put(mark, entry, MarkTableTest::later);
      map.merge(mark, entry, MarkTableTest::later);
      if (i % 5_000 == 4_999) {
        table.forget(500);
        map.values().removeIf(one -> one.forgetAfter() < 500);
      }
    }

    assertThat(table.size()).isEqualTo(map.size());
    map.forEach((mark, entry) -> assertThat(table.find(mark)).isEqualTo(entry));
    for (int i = 0; i < 1_000; i++) {
      assertThat(table.find(mark())).isNull();
    }
  }

  @Test
  void marks_that_share_a_place_are_kept_apart() {
    for (int i = 0; i < 100; i++) {
      table.put(new Mark(1, i), new MarkTable.Entry(i, 10, 0), MarkTableTest::later);
    }

    for (int i = 0; i < 100; i++) {
      assertThat(table.find(new Mark(1, i))).isEqualTo(new MarkTable.Entry(i, 10, 0));
    }
  }

  @Test
  void a_table_from_which_everything_was_forgotten_can_be_used_again() {
    var mark = mark();
    table.put(mark, new MarkTable.Entry(1, 10, 0), MarkTableTest::later);
    table.forget(11);
    assertThat(table.find(mark)).isNull();
    assertThat(table.size()).isZero();

    table.put(mark, new MarkTable.Entry(2, 20, 0), MarkTableTest::later);

    assertThat(table.find(mark)).isEqualTo(new MarkTable.Entry(2, 20, 0));
  }

  @Test
  @DisplayName("Whoever asks while others are added never misses one that was there")
  void concurrent() throws Exception {
    var first = new Mark[1_000];
    for (int i = 0; i < first.length; i++) {
      first[i] = mark();
      table.put(first[i], new MarkTable.Entry(i, 1_000_000, 0), MarkTableTest::later);
    }
    var ended = new AtomicBoolean();
    try (var threads = Executors.newFixedThreadPool(2)) {
      Future<Integer> asked =
          threads.submit(() -> {
            int missed = 0;
            while (!ended.get()) {
              for (int i = 0; i < first.length; i++) {
                var found = table.find(first[i]);
                missed += found == null || found.before() != i ? 1 : 0;
              }
            }
            return missed;
          });
      for (int i = 0; i < 100_000; i++) {
        table.put(mark(), new MarkTable.Entry(0, i % 2, 0), MarkTableTest::later);
        if (i % 20_000 == 0) {
          table.forget(1);
        }
      }
      ended.set(true);

      assertThat(asked.get()).isZero();
    }
  }
}
