#include "bqconn/flow/service.hpp"

#include <gtest/gtest.h>

#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

TEST(FlowService, ARefusedTokenIsRenewedOnce) {
    tests::FakeTransport transport;
    transport.answer(401, "");
    transport.answer(200, "");
    int renewed = 0;
    FlowService service(
        transport, tests::access_with_token(),
        [&renewed](bool renew) {
            renewed += renew ? 1 : 0;
            return Secret(renew ? "second" : "first");
        },
        true);
    EXPECT_EQ(service.send({http::Method::get, "/connections"}).status, 200);
    EXPECT_EQ(renewed, 1);
    ASSERT_EQ(transport.requests().size(), 2U);
    EXPECT_EQ(tests::header_of(transport.requests()[1], "Authorization"), "Bearer second");
}

TEST(FlowService, ASecondRefusalStands) {
    tests::FakeTransport transport;
    transport.answer(401, "");
    transport.answer(401, "");
    FlowService service(
        transport, tests::access_with_token(), [](bool) { return Secret("token"); }, true);
    EXPECT_EQ(service.send({http::Method::post, "/connections", Secret("{}")}).status, 401);
}

// The answer to a token request may be lost; the call that needs the token was still not sent.
TEST(FlowService, ALostTokenIsNotALostCall) {
    for (const bool renewing : {false, true}) {
        tests::FakeTransport transport;
        if (renewing) {
            transport.answer(401, "");
        }
        FlowService service(
            transport, tests::access_with_token(),
            [renewing](bool renew) -> Secret {
                if (renew == renewing) {
                    throw http::TransportError(http::Sent::maybe, ExitCode::network,
                                               "network.timeout", "too late", "");
                }
                return Secret("token");
            },
            true);
        try {
            service.send({http::Method::post, "/connections", Secret("{}")});
            FAIL();
        } catch (const http::TransportError& error) {
            EXPECT_EQ(error.sent(), http::Sent::no);
            EXPECT_EQ(error.code(), "network.timeout");
            EXPECT_EQ(error.hint(), "nothing was changed: run it again");
        }
    }
}

// The connection is opened early: the transport is called before the token has arrived.
TEST(FlowService, ATokenThatIsNotAtHandComesLate) {
    tests::FakeTransport transport;
    transport.answer(201, "");
    transport.answer(200, "");
    bool at_hand = false;
    FlowService service(
        transport, tests::access_with_token(),
        [&at_hand](bool) {
            at_hand = true;
            return Secret("fetched");
        },
        true, [&at_hand] { return at_hand; });
    EXPECT_EQ(service.send({http::Method::post, "/connections", Secret("{}")}).status, 201);
    EXPECT_EQ(service.send({http::Method::get, "/connections"}).status, 200);
    ASSERT_EQ(transport.requests().size(), 2U);
    const auto& first = transport.requests()[0];
    ASSERT_TRUE(first.late.has_value());
    EXPECT_EQ(first.late->name, "Authorization");
    EXPECT_EQ(first.late->value.get().reveal(), "Bearer fetched");
    EXPECT_EQ(tests::header_of(first, "Authorization"), "");
    EXPECT_FALSE(transport.requests()[1].late.has_value());
    EXPECT_EQ(tests::header_of(transport.requests()[1], "Authorization"), "Bearer fetched");
}

TEST(FlowService, TheUsersOwnTokenIsNotRenewed) {
    tests::FakeTransport transport;
    transport.answer(401, "");
    FlowService service = tests::service_over(transport);
    EXPECT_EQ(service.send({http::Method::get, "/connections"}).status, 401);
}

}  // namespace
}  // namespace bqconn::flow
