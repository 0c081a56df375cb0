package dev.lanyard.server.scim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.jakarta.rs.json.JacksonJsonProvider;
import com.unboundid.scim2.client.ScimService;
import com.unboundid.scim2.common.exceptions.ResourceConflictException;
import com.unboundid.scim2.common.exceptions.ResourceNotFoundException;
import com.unboundid.scim2.common.exceptions.ScimException;
import com.unboundid.scim2.common.types.GroupResource;
import com.unboundid.scim2.common.types.Member;
import com.unboundid.scim2.common.types.UserResource;
import com.unboundid.scim2.common.utils.JsonUtils;
import de.captaingoldfish.scim.sdk.client.ScimClientConfig;
import de.captaingoldfish.scim.sdk.client.ScimRequestBuilder;
import de.captaingoldfish.scim.sdk.common.constants.EndpointPaths;
import de.captaingoldfish.scim.sdk.common.constants.enums.Comparator;
import de.captaingoldfish.scim.sdk.common.constants.enums.HttpMethod;
import de.captaingoldfish.scim.sdk.common.constants.enums.PatchOp;
import de.captaingoldfish.scim.sdk.common.resources.Group;
import de.captaingoldfish.scim.sdk.common.resources.User;
import dev.lanyard.protocol.oauth.Form;
import dev.lanyard.server.directory.PersonId;
import dev.lanyard.server.pair.Pair;
import dev.lanyard.server.pair.Setup;
import dev.lanyard.server.pair.Signer;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.ClientRequestFilter;
import jakarta.ws.rs.client.WebTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.glassfish.jersey.client.ClientConfig;
import org.glassfish.jersey.jnh.connector.JavaNetHttpConnectorProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Two SCIM clients that are not ours, over HTTP")
class ForeignClientsTest {
  @TempDir Path folder;
  private Pair pair;

  @BeforeEach
  void start() {
    pair = Pair.start(Setup.usual(folder), folder);
  }

  @AfterEach
  void stop() {
    pair.close();
  }

  private boolean isActive(String id) {
    return pair.directory.person(new PersonId(id)).orElseThrow().active();
  }

  /// With a connector that knows PATCH.
  private WebTarget target(String token) {
    var config =
        new ClientConfig()
            .register(
                new JacksonJsonProvider(
                    JsonUtils.createObjectMapper(), JacksonJsonProvider.BASIC_ANNOTATIONS))
            .register(
                (ClientRequestFilter)
                    request -> request.getHeaders().putSingle("Authorization", "Bearer " + token))
            .connectorProvider(new JavaNetHttpConnectorProvider());
    return ClientBuilder.newClient(config).target(pair.brokerUrl("/scim/v2"));
  }

  @Test
  @DisplayName("UnboundID SCIM 2 SDK 5.0.0")
  void unboundid() throws Exception {
    var service = new ScimService(target(pair.scimToken("generic").reveal()));
    assertThat(service.getServiceProviderConfig().getPatch().isSupported()).isTrue();
    assertThat(service.getSchemas().getTotalResults()).isEqualTo(3);
    assertThat(service.getResourceTypes().getTotalResults()).isEqualTo(2);

    var sent = new UserResource();
    sent.setUserName("ana");
    sent.setActive(true);
    sent.setTitle("Engineer");
    var ana = service.create("Users", sent);
    assertThat(ana.getMeta().getLocation()).hasToString(location(ana.getId()));
    assertThatThrownBy(() -> service.create("Users", sent))
        .isInstanceOf(ResourceConflictException.class);
    assertThat(service.search("Users", "userName eq \"ANA\"", UserResource.class).getTotalResults())
        .isEqualTo(1);

    ana.setTitle("Lead");
    assertThat(service.replace(ana).getTitle()).isEqualTo("Lead");
    var off =
        service
            .modifyRequest("Users", ana.getId())
            .replaceValue("active", false)
            .invoke(UserResource.class);
    assertThat(off.getActive()).isFalse();
    assertThat(isActive(ana.getId())).isFalse();

    var group = new GroupResource();
    group.setDisplayName("team-1");
    var made = service.create("Groups", group);
    service
        .modifyRequest("Groups", made.getId())
        .attributes("displayName")
        .addValues("members", new Member().setValue(ana.getId()))
        .invoke(GroupResource.class);
    var read = service.retrieve("Groups", made.getId(), GroupResource.class);
    assertThat(read.getMembers()).hasSize(1);
    service.delete("Users", ana.getId());
    assertThatThrownBy(() -> service.retrieve("Users", ana.getId(), UserResource.class))
        .isInstanceOf(ResourceNotFoundException.class);
  }

  private String location(String id) {
    return pair.broker().value() + "/scim/v2/Users/" + id;
  }

  @Test
  @DisplayName("Captain-P SCIM SDK 1.30.0")
  void captain_p() {
    var config =
        ScimClientConfig.builder()
            .httpHeaders(Map.of("Authorization", "Bearer " + pair.scimToken("generic").reveal()))
            .build();
    try (var client = new ScimRequestBuilder(pair.brokerUrl("/scim/v2").toString(), config)) {
      assertThat(client.loadServiceProviderConfiguration().getPatchConfig().isSupported()).isTrue();
      var created =
          client
              .create(User.class, EndpointPaths.USERS)
              .setResource(User.builder().userName("bob").active(true).title("Engineer").build())
              .sendRequest();
      assertThat(created.isSuccess()).as(created.getResponseBody()).isTrue();
      var id = created.getResource().getId().orElseThrow();

      var found =
          client
              .list(User.class, EndpointPaths.USERS)
              .filter("userName", Comparator.EQ, "bob")
              .and("active", Comparator.EQ, "true")
              .build()
              .get()
              .sendRequest();
      assertThat(found.isSuccess()).as(found.getResponseBody()).isTrue();
      assertThat(found.getResource().getTotalResults()).isEqualTo(1);

      var off =
          client
              .patch(User.class, EndpointPaths.USERS, id)
              .addOperation()
              .path("active")
              .op(PatchOp.REPLACE)
              .value("false")
              .build()
              .sendRequest();
      assertThat(off.isSuccess()).as(off.getResponseBody()).isTrue();
      assertThat(isActive(id)).isFalse();

      var gone = client.delete(User.class, EndpointPaths.USERS, id).sendRequest();
      assertThat(gone.isSuccess()).isTrue();
      var missing = client.get(User.class, EndpointPaths.USERS, id).sendRequest();
      assertThat(missing.getHttpStatus()).isEqualTo(404);
      assertThat(missing.getErrorResponse().getStatus()).isEqualTo(404);
    }
  }

  @Test
  @DisplayName(
      "UnboundID SCIM 2 SDK 5.0.0: pages by number and by cursor, groups and what is in them")
  void unboundid_lists_and_groups() throws Exception {
    var service = new ScimService(target(pair.scimToken("generic").reveal()));
    var ids = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      var sent = new UserResource();
      sent.setUserName("person-" + i);
      ids.add(service.create("Users", sent).getId());
      pair.clock.advance(Duration.ofMillis(1));
    }
    var second = service.searchRequest("Users").page(3, 2).invoke(UserResource.class);
    assertThat(second.getTotalResults()).isEqualTo(5);
    assertThat(second.getResources()).extracting(UserResource::getId).isEqualTo(ids.subList(2, 4));
    var page =
        service.searchRequest("Users").firstPageCursorWithCount(2).invoke(UserResource.class);
    var seen = new ArrayList<>(page.getResources());
    while (page.getNextCursor() != null) {
      page =
          service
              .searchRequest("Users")
              .pageWithCursor(page.getNextCursor(), 2)
              .invoke(UserResource.class);
      seen.addAll(page.getResources());
    }
    assertThat(seen).extracting(UserResource::getId).isEqualTo(ids);

    var inner = group(service, "team-inner", ids.get(0), ids.get(1));
    var outer = group(service, "team-outer", inner);
    assertThat(service.retrieve("Users", ids.get(0), UserResource.class).getGroups())
        .extracting(one -> one.getDisplay() + " " + one.getType())
        .containsExactlyInAnyOrder("team-inner direct", "team-outer indirect");
    service
        .modifyRequest("Groups", inner)
        .removeValues("members[value eq \"" + ids.get(0) + "\"]")
        .invoke(GroupResource.class);
    assertThat(groupsOf(ids.get(0))).isEmpty();
    assertThat(groupsOf(ids.get(1))).containsExactlyInAnyOrder("team-inner", "team-outer");
    var all = service.retrieve("Groups", outer, GroupResource.class);
    all.setMembers(List.of(new Member().setValue(ids.get(4))));
    service.replace(all);
    assertThat(groupsOf(ids.get(1))).containsExactly("team-inner");
    service.delete("Groups", inner);
    assertThat(groupsOf(ids.get(1))).isEmpty();
  }

  private static String group(ScimService service, String name, String... members)
      throws ScimException {
    var group = new GroupResource();
    group.setDisplayName(name);
    group.setMembers(Stream.of(members).map(id -> new Member().setValue(id)).toList());
    return service.create("Groups", group).getId();
  }

  private Set<String> groupsOf(String id) {
    return pair.directory.person(new PersonId(id)).orElseThrow().groups();
  }

  @Test
  @DisplayName(
      "Captain-P SCIM SDK 1.30.0: a bulk with references, groups, pages, and OAuth's token")
  void captain_p_bulk_and_groups() {
    var grant = Form.builder().add("grant_type", "client_credentials").build();
    var token =
        Signer.provisioner(pair).post(pair.brokerUrl("/scim/v2/token"), grant).text("access_token");
    var config =
        ScimClientConfig.builder().httpHeaders(Map.of("Authorization", "Bearer " + token)).build();
    try (var client = new ScimRequestBuilder(pair.brokerUrl("/scim/v2").toString(), config)) {
      var bulk = client.bulk().failOnErrors(1);
      for (int i = 0; i < 4; i++) {
        bulk =
            bulk.bulkRequestOperation(EndpointPaths.USERS)
                .method(HttpMethod.POST)
                .bulkId("person-" + i)
                .data(User.builder().userName("person-" + i).active(true).build())
                .next();
      }
      var members =
          List.of(
              de.captaingoldfish.scim.sdk.common.resources.multicomplex.Member.builder()
                  .value("bulkId:person-0")
                  .build(),
              de.captaingoldfish.scim.sdk.common.resources.multicomplex.Member.builder()
                  .value("bulkId:person-1")
                  .build());
      var done =
          bulk.bulkRequestOperation(EndpointPaths.GROUPS)
              .method(HttpMethod.POST)
              .bulkId("group")
              .data(Group.builder().displayName("engineering").members(members).build())
              .sendRequest();
      assertThat(done.isSuccess()).as(done.getResponseBody()).isTrue();
      assertThat(done.getResource().getFailedOperations()).isEmpty();

      var names = new ArrayList<String>();
      for (int start = 1; start <= 3; start += 2) {
        var page =
            client
                .list(User.class, EndpointPaths.USERS)
                .startIndex(start)
                .count(2)
                .get()
                .sendRequest();
        assertThat(page.getResource().getTotalResults()).isEqualTo(4);
        page.getResource()
            .getListedResources()
            .forEach(user -> names.add(user.getUserName().orElseThrow()));
      }
      assertThat(names).containsExactlyInAnyOrder("person-0", "person-1", "person-2", "person-3");

      var found =
          client
              .list(Group.class, EndpointPaths.GROUPS)
              .filter("displayName eq \"engineering\"")
              .post()
              .sendRequest();
      var group = found.getResource().getListedResources().getFirst();
      assertThat(group.getMembers()).hasSize(2);
      var leaver = group.getMembers().getFirst().getValue().orElseThrow();
      var left =
          client
              .patch(Group.class, EndpointPaths.GROUPS, group.getId().orElseThrow())
              .addOperation()
              .path("members[value eq \"" + leaver + "\"]")
              .op(PatchOp.REMOVE)
              .build()
              .sendRequest();
      // The library takes an answer without a body for none of SCIM's.
      assertThat(left.getHttpStatus()).as(left.getResponseBody()).isEqualTo(204);
      assertThat(groupsOf(leaver)).isEmpty();
      var deleted =
          client
              .delete(Group.class, EndpointPaths.GROUPS, group.getId().orElseThrow())
              .sendRequest();
      assertThat(deleted.isSuccess()).isTrue();
    }
  }
}
