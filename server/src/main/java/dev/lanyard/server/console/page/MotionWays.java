package dev.lanyard.server.console.page;

import dev.lanyard.protocol.oauth.ClientId;
import dev.lanyard.server.console.desk.Desks;
import dev.lanyard.server.console.desk.Motion;
import dev.lanyard.server.console.gate.Sitemap;
import dev.lanyard.server.console.sheet.Message;

/// Where the console shows what a motion is about.
record MotionWays(Desks desks) {

  Message.Way of(Motion motion) {
    return switch (motion.kind()) {
      case GROUPS, PERSON, PASSWORD, ERASURE -> PeoplePages.way(desks.motions().person(motion));
      case CLIENT -> client(new ClientId(motion.about()));
      case RESUMPTION -> stopped(motion);
      case HOLD -> new Message.Way(HoldPages.HOME, Sitemap.HOLDS.label());
      case STREAM -> new Message.Way(StreamPages.HOME, "Streams of events");
      case SCIM_TOKEN ->
          new Message.Way(ScimTokenPages.address(motion.about()), "Tokens of " + motion.about());
    };
  }

  private Message.Way client(ClientId id) {
    return desks.clients().find(id).isPresent()
        ? new Message.Way(ClientPages.address(id), "Look at the client")
        : new Message.Way(ClientPages.CLIENTS, "Clients");
  }

  private Message.Way stopped(Motion motion) {
    return desks
        .resumptions()
        .connector(motion)
        .map(one -> new Message.Way(ConnectorPages.address(one.id()), "Look at " + one.name()))
        .orElseGet(() -> new Message.Way("/stopped", "What is stopped"));
  }
}
