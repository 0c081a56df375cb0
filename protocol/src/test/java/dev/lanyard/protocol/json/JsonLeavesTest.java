package dev.lanyard.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Looking for the leaves of a stranger's document takes little memory")
class JsonLeavesTest {
  private static final long MEGABYTE = 1024 * 1024;

  /// 59 KB, whose leaves with their pointers have 240 MB.
  private static JsonObject longNamesAroundManyValues() throws MalformedException {
    var name = "n".repeat(512);
    var zeros = "0,".repeat(5_000) + "0";
    return JsonObject.parseLarge(
        ("{\"" + name + "\":")
            .repeat(95)
            .concat("[" + zeros + "]")
            .concat("}".repeat(95))
            .getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private interface Work {
    void run() throws MalformedException;
  }

  private static long allocatedBy(Work work) throws MalformedException {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void of_long_names_around_many_values_only_the_first_are_found() throws Exception {
    var document = longNamesAroundManyValues();
    assertThat(
            allocatedBy(() -> {
              var leaves = document.leaves();
              assertThat(leaves.isAll()).isFalse();
              assertThat(leaves.first()).hasSizeBetween(1, 100);
            }))
        .isLessThan(40 * MEGABYTE);
  }

  @Test
  void at_a_place_nothing_beside_it_and_nothing_too_deep_is_looked_at() throws Exception {
    var document = longNamesAroundManyValues();
    assertThat(
            allocatedBy(() -> {
              assertThat(document.leavesAt("/" + "n".repeat(512), 20, 256)).isEmpty();
              assertThat(document.leavesAt("/other", 20, 256)).isEmpty();
            }))
        .isLessThan(4 * MEGABYTE);
  }

  @Test
  @DisplayName("RFC 6901 §4: a step is the name of a member or the index of an element")
  void places() throws Exception {
    var object = JsonObject.parse("{\"a/b\":[{\"~\":1},{\"~1\":\"x\"}],\"l\":[7,8],\"n\":null}");
    assertThat(object.leavesAt("/a~1b/0/~0", 9, 99))
        .containsExactly(new JsonLeaf("/a~1b/0/~0", "1", false));
    assertThat(object.leavesAt("/a~1b/1/~01", 9, 99))
        .containsExactly(new JsonLeaf("/a~1b/1/~01", "x", true));
    assertThat(object.leavesAt("/a~1b", 9, 99)).hasSize(2);
    assertThat(object.leavesAt("/l", 1, 99)).containsExactly(new JsonLeaf("/l/0", "7", false));
    assertThat(object.leavesAt("/l/1", 9, 99)).extracting(JsonLeaf::text).isEqualTo(List.of("8"));
    assertThat(object.leavesAt("/n", 9, 99)).extracting(JsonLeaf::text).isEqualTo(List.of("null"));
    for (var nowhere :
        List.of("/l/01", "/l/2", "/l/-", "/l/99999999999", "/l/0/0", "/a", "/n/x", "/l/")) {
      assertThat(object.leavesAt(nowhere, 9, 99)).as(nowhere).isEmpty();
    }
    assertThat(object.leavesAt("/a~1b", 9, 9)).isEmpty();
  }
}
