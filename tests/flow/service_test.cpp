#include "bqconn/flow/service.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"
#include "support/temp_folder.hpp"

namespace bqconn::flow {
namespace {

using tests::FakeTransport;

const Call get_connections{.path = "/connections"};
const Call post_connection{http::Method::post, "/connections", Secret("{}")};

// A service whose tokens come from another host than its own.
struct FetchingService {
    FakeTransport transport;
    FakeTransport identity;
    const Clock clock = real_clock(-1);
    std::vector<std::string> warnings;
    auth::TokenSource tokens{
        {.transport = identity,
         .credentials = {"https://ims.test", Secret("made-up-secret"), "a,b"},
         .api_key = "made-up-key",
         .cache = {"", {}},
         .clock = clock,
         .warn = [this](std::string_view line) { warnings.emplace_back(line); }}};
    http::ConnectAhead ahead{transport, std::chrono::seconds(75), clock.now};
    FlowService service{transport, tests::access_with_token(), tokens};

    void answer_token(const std::string& token) {
        identity.answer(200, R"({"access_token":")" + token + R"(","expires_in":86399})");
    }
};

TEST(FlowService, MethodUrlAndHeaders) {
    const http::Request request = make_request(tests::access_with_token(), post_connection);
    EXPECT_EQ(request.method, http::Method::post);
    EXPECT_EQ(request.url, "https://platform.test/data/foundation/flowservice/connections");
    EXPECT_EQ(tests::header_of(request, "x-api-key"), "made-up-api-key");
    EXPECT_EQ(tests::header_of(request, "x-gw-ims-org-id"), "0123ABCD@AdobeOrg");
    EXPECT_EQ(tests::header_of(request, "x-sandbox-name"), "prod");
    EXPECT_EQ(tests::header_of(request, "Accept"), "application/json");
    EXPECT_EQ(tests::header_of(request, "Content-Type"), "application/json");
    EXPECT_EQ(request.body.reveal(), "{}");
    EXPECT_EQ(request.retry, http::Retry::create);
}

TEST(FlowService, OnlyAConfirmedChangeIsFollowedOverItsConnection) {
    FakeTransport transport;
    auth::TokenSource tokens(Secret("made-up-token"));
    FlowService service(transport, tests::access_with_token(), tokens);
    const std::vector<bool> confirmed{true, false, true};
    for (const bool one : confirmed) {
        transport.answer(201, "{}");
        transport.answer(200, "{}");
        service.send(post_connection);
        if (one) {
            service.confirm_change();
        }
        service.send(get_connections);  // no change, and never in a series
    }
    transport.answer(201, "{}");
    service.send(post_connection);
    std::vector<bool> in_series;
    for (const auto& request : transport.requests()) {
        in_series.push_back(request.in_series);
    }
    EXPECT_EQ(in_series, (std::vector<bool>{false, false, true, false, false, false, true}));
}

TEST(FlowService, WithoutABodyThereIsNoContentType) {
    const http::Request request = make_request(tests::access_with_token(), get_connections);
    EXPECT_EQ(tests::header_of(request, "Content-Type"), "");
    EXPECT_TRUE(request.body.empty());
    EXPECT_EQ(request.retry, http::Retry::read);
}

TEST(FlowService, AForbiddenCallNamesThePermissionItNeeds) {
    struct Forbidden {
        Call call;
        std::string_view permission;
    };
    for (const auto& [call, permission] : std::vector<Forbidden>{
             {get_connections, "the permission View Sources or Manage Sources "},
             {post_connection, "the permission Manage Sources "},
             {{.path = "/dataSets", .api = Api::catalog}, "the permission View Datasets "},
             {{.path = "/tenant/schemas", .api = Api::schemas}, "the permission View Schemas "}}) {
        for (const char* const body :
             {"", R"({"error_code":"403025","message":"Profile is not valid"})",
              R"({"type":"https://ns.adobe.com/aep/errors/FLOW-2120-403","title":"Denied"})"}) {
            const std::string hint = error_of(call, {403, {}, body}).hint();
            EXPECT_NE(hint.find(permission), std::string::npos) << call.path << ": " << hint;
        }
    }
    const char* const of_key = R"({"error_code":"403003","message":"Api Key is invalid"})";
    EXPECT_EQ(error_of(get_connections, {403, {}, of_key}).code(), "auth.api_key_invalid");
    EXPECT_EQ(error_of(get_connections, {400, {}, ""}).hint().find("permission"),
              std::string::npos);
}

TEST(FlowService, ARefusedTokenIsReplacedOnce) {
    FetchingService one;
    one.answer_token("first");
    one.answer_token("second");
    one.transport.answer(401, "");
    one.transport.answer(200, "");
    EXPECT_EQ(one.service.send(get_connections).status, 200);
    ASSERT_EQ(one.transport.requests().size(), 2U);
    EXPECT_EQ(tests::header_of(one.transport.requests()[0], "Authorization"), "Bearer first");
    EXPECT_EQ(tests::header_of(one.transport.requests()[1], "Authorization"), "Bearer second");
    EXPECT_EQ(one.warnings,
              std::vector<std::string>{
                  "Adobe refused the access token (HTTP 401), retrying with a new one "
                  "(attempt 2 of 2)"});
}

TEST(FlowService, ASecondRefusalStands) {
    FetchingService one;
    one.answer_token("first");
    one.answer_token("second");
    one.transport.answer(401, "");
    one.transport.answer(401, "");
    EXPECT_EQ(one.service.send(post_connection).status, 401);
}

// The answer to a token request may be lost; the call that needs the token was still not sent.
TEST(FlowService, ALostTokenIsNotALostCall) {
    for (const bool replacing : {false, true}) {
        FetchingService one;
        if (replacing) {
            one.answer_token("first");
            one.transport.answer(401, "");
        }
        one.identity.fail(http::Sent::maybe, "network.timeout");
        try {
            one.service.send(post_connection);
            FAIL();
        } catch (const http::TransportError& error) {
            EXPECT_EQ(error.sent(), http::Sent::no);
            EXPECT_EQ(error.code(), "network.timeout");
            EXPECT_EQ(error.hint(), "nothing was changed: run the command again");
        }
    }
}

// The connection is opened early: the transport is called before the token has arrived.
TEST(FlowService, ATokenThatIsNotAtHandComesLate) {
    FetchingService one;
    one.answer_token("fetched");
    one.transport.answer(201, "");
    one.transport.answer(200, "");
    FlowService service(one.transport, tests::access_with_token(), one.tokens, &one.ahead);
    EXPECT_EQ(service.send(post_connection).status, 201);
    EXPECT_EQ(service.send(get_connections).status, 200);
    ASSERT_EQ(one.transport.requests().size(), 2U);
    const auto& first = one.transport.requests()[0];
    ASSERT_TRUE(first.late_authorization.valid());
    EXPECT_EQ(first.late_authorization.get().reveal(), "Bearer fetched");
    EXPECT_EQ(tests::header_of(first, "Authorization"), "");
    EXPECT_FALSE(one.transport.requests()[1].late_authorization.valid());
    EXPECT_EQ(tests::header_of(one.transport.requests()[1], "Authorization"), "Bearer fetched");
}

// The token that was refused is the one to replace, even if it came late.
TEST(FlowService, ATokenThatCameLateIsReplaced) {
    FetchingService one;
    one.answer_token("first");
    one.answer_token("second");
    one.transport.answer(401, "");
    one.transport.answer(200, "");
    FlowService service(one.transport, tests::access_with_token(), one.tokens, &one.ahead);
    EXPECT_EQ(service.send(get_connections).status, 200);
    EXPECT_EQ(tests::header_of(one.transport.requests()[1], "Authorization"), "Bearer second");
}

TEST(FlowService, TheUsersOwnTokenIsNotReplaced) {
    FakeTransport transport;
    transport.answer(401, "");
    FlowService service = tests::service_over(transport);
    EXPECT_EQ(service.send(get_connections).status, 401);
    EXPECT_EQ(tests::header_of(transport.requests()[0], "Authorization"),
              "Bearer made-up-access-token");
}

}  // namespace
}  // namespace bqconn::flow
