package dev.lanyard.server.scim;

import dev.lanyard.server.directory.ProvisionedGroup;
import dev.lanyard.server.directory.ProvisionedPerson;
import io.github.bucket4j.Bucket;

/// Everything that one connection can reach, and nothing else.
record Tenant(
    ScimConnection connection,
    Users users,
    Groups groups,
    Listing<ProvisionedPerson> userList,
    Listing<ProvisionedGroup> groupList,
    Discovery discovery,
    Bucket rate) {

  Resources resources(ResourceType type) {
    return switch (type) {
      case USER -> users;
      case GROUP -> groups;
    };
  }

  Listing<?> list(ResourceType type) {
    return switch (type) {
      case USER -> userList;
      case GROUP -> groupList;
    };
  }
}
