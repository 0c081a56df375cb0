package dev.lanyard.server.gateway.front;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.protocol.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("What is disclosed of arguments and results is what somebody has named, and no more")
class DisclosureTest {
  private static JsonObject json(String text) throws Exception {
    return JsonObject.parseLarge(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  @DisplayName("59 KB of long names around many values cost no 240 MB, named or not")
  void long_names_around_many_values() throws Exception {
    var inside =
        ("{\"" + "n".repeat(512) + "\":").repeat(95)
            + "["
            + "0,".repeat(5_000)
            + "0]"
            + "}".repeat(95);
    var arguments = json("{\"a\":" + inside + ",\"b\":" + inside + ",\"project\":\"P-1\"}");
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (var place : List.of("/project", "/a")) {
      var disclosure = new Disclosure(List.of(place, "/project"), List.of(place, "/project"));
      long before = threads.getCurrentThreadAllocatedBytes();
      var called = disclosure.ofArguments(arguments);
      var answered = disclosure.ofResult(arguments);
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      assertThat(called.toJson()).isEqualTo("{\"disclosed\":{\"/project\":\"P-1\"}}");
      assertThat(answered).isEqualTo(called);
      assertThat(allocated).as(place).isLessThan(8L * 1024 * 1024);
    }
  }

  @Test
  void places_that_overlap_name_a_value_once_and_no_more_than_twenty_in_all() throws Exception {
    var arguments = json("{\"a\":{\"b\":1,\"c\":2},\"l\":[" + "0,".repeat(30) + "0]}");
    var all = new Disclosure(List.of("/a/b", "/a", "/l"), List.of()).ofArguments(arguments);
    var values = all.object("disclosed").orElseThrow();
    assertThat(values.names()).hasSize(20).startsWith("/a/b", "/a/c", "/l/0");
  }
}
