package dev.lanyard.kafka;

import dev.lanyard.server.audit.AuditRecord;
import dev.lanyard.server.export.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;

/// What a record is in a topic.
///
/// All go to the first partition: the order of the record is worth more than several partitions,
/// and nobody can tell it from several. The key is the record's number, so that doubles have the
/// same key and a compacted topic keeps one of them.
///
/// @param source the installation, by its issuer
record Messages(String topic, Format format, String source) {
  private static final int PARTITION = 0;

  ProducerRecord<String, String> of(AuditRecord record) {
    return new ProducerRecord<>(
        topic,
        PARTITION,
        record.event().at().toEpochMilli(),
        Long.toString(record.sequence()),
        format.line(record),
        List.of(
            header("type", record.event().type()),
            header("format", format.value()),
            header("source", source)));
  }

  private static Header header(String name, String value) {
    return new RecordHeader(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
