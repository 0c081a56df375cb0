package dev.lanyard.server.app.checkup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.server.export.ExportConfig;
import dev.lanyard.server.export.ExportConfig.Place;
import dev.lanyard.server.export.ExportConfig.Target;
import dev.lanyard.server.export.Format;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("lanyard doctor says who else may use a file of the audit record")
class ExportCheckupTest {
  @TempDir Path folder;

  private List<Finding> examined() {
    var target = new Target.File(folder.resolve("audit.jsonl"));
    return ExportCheckup.examine(
        new ExportConfig(
            List.of(
                new Place("archive", Format.OCSF, target),
                new Place("siem", Format.CEF, new Target.Syslog("siem.example", 6514)))));
  }

  @ParameterizedTest
  @CsvSource({
    "rw-------, GOOD",
    "rw-r-----, NOTE",
    "rw--w----, NOTE",
    "rw-r--r--, BAD",
    "rw-----w-, BAD",
  })
  void by_its_rights(String rights, Finding.Level level) throws IOException {
    var file = Files.createFile(folder.resolve("audit.jsonl"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    assertThat(examined())
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.level()).isEqualTo(level);
          assertThat(finding.line()).contains("export archive", "audit.jsonl");
        });
  }

  @Test
  void nothing_of_a_file_that_is_not_there_yet() {
    assertThat(examined()).isEmpty();
  }
}
