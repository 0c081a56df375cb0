package dev.lanyard.benchmarks.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

@EnabledOnOs(OS.LINUX)
class ProcessTreeTest {
  private static final String BURN = "i=0; while [ $i -lt 200000 ]; do i=$((i+1)); done;";

  private static Process shell(String script) throws IOException {
    return new ProcessBuilder("sh", "-c", script + " read line").start();
  }

  private static Duration settled(ProcessTree tree) throws InterruptedException {
    var before = tree.cpu();
    for (int i = 0; i < 100; i++) {
      Thread.sleep(Duration.ofMillis(200));
      var now = tree.cpu();
      if (now.equals(before) && now.isPositive()) {
        return now;
      }
      before = now;
    }
    return before;
  }

  @Test
  void counts_the_time_of_children_that_have_ended() throws IOException, InterruptedException {
    var process = shell("sh -c '" + BURN + "';");
    try {
      assertThat(settled(ProcessTree.of(process.pid()))).isPositive();
    } finally {
      process.destroy();
    }
  }

  @Test
  void a_tree_of_an_ended_process_is_empty() throws IOException, InterruptedException {
    var process = new ProcessBuilder("true").start();
    process.waitFor();
    var tree = ProcessTree.of(process.pid());
    assertThat(tree.cpu()).isZero();
    assertThat(tree.residentKib()).isZero();
  }

  @Test
  void knows_the_memory_of_this_process() {
    var tree = ProcessTree.of(ProcessHandle.current().pid());
    assertThat(tree.residentKib()).isPositive().isLessThanOrEqualTo(tree.peakResidentKib());
  }
}
