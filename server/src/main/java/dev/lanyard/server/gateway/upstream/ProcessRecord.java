package dev.lanyard.server.gateway.upstream;

import dev.lanyard.protocol.json.JsonObject;
import dev.lanyard.server.audit.Outcome;
import dev.lanyard.server.gateway.admission.CallRecord;
import dev.lanyard.server.gateway.front.Front;
import dev.lanyard.server.stdio.Journal;
import java.io.UncheckedIOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Leaves in the audit record which processes ran for whom.
public record ProcessRecord(Front front, CallRecord record) implements Journal<ProcessOwner> {
  public static final String EVENT = "gateway.process";
  private static final Logger LOG = LoggerFactory.getLogger(ProcessRecord.class);

  @Override
  public void started(ProcessOwner owner, long pid) {
    write(owner, pid, "started");
  }

  @Override
  public void ended(ProcessOwner owner, long pid, String why) {
    try {
      write(owner, pid, why);
    } catch (UncheckedIOException e) {
      // It has ended all the same: nothing was granted that would have to be recorded first.
      LOG.error("the end of process {} is not recorded", pid, e);
    }
  }

  private void write(ProcessOwner owner, long pid, String what) {
    var evidence = JsonObject.builder().put("pid", pid).put("what", what).build();
    record.write(EVENT, front, owner.who(), Outcome.SUCCESS, evidence);
  }
}
