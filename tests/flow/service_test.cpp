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
    EXPECT_EQ(service.send(http::Method::get, "/connections").status, 200);
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
    EXPECT_EQ(service.send(http::Method::post, "/connections", Secret("{}")).status, 401);
}

TEST(FlowService, TheUsersOwnTokenIsNotRenewed) {
    tests::FakeTransport transport;
    transport.answer(401, "");
    FlowService service = tests::service_over(transport);
    EXPECT_EQ(service.send(http::Method::get, "/connections").status, 401);
}

}  // namespace
}  // namespace bqconn::flow
