#include "bqconn/flow/connections.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using tests::error_of;
using tests::FakeTransport;

Found find(FakeTransport& transport, const std::string& name) {
    FlowService service = tests::service_over(transport);
    return find_connections(service, name);
}

TEST(FindConnections, FollowsEveryPageWithTheSameParameters) {
    FakeTransport transport;
    transport.answer(
        200, R"({"items":[{"id":"a","name":"n","createdAt":2}],)"
             R"("_links":{"next":{"href":"/connections?limit=1&continuationToken=t%2B1%3D"}}})");
    transport.answer(200, R"({"items":[{"id":"b","name":"n","createdAt":1}],"_links":{}})");
    const Found found = find(transport, "n");
    ASSERT_EQ(found.connections.size(), 2U);
    EXPECT_EQ(found.connections[0].id, "b") << "oldest first";
    const std::string first = transport.requests()[0].url;
    EXPECT_EQ(transport.requests()[1].url, first + "&continuationToken=t%2B1%3D")
        << "decoded once, encoded once";
}

TEST(FindConnections, ARepeatedTokenEnds) {
    FakeTransport transport;
    const std::string page =
        R"({"items":[],"_links":{"next":{"href":"/connections?continuationToken=again"}}})";
    transport.answer(200, page);
    transport.answer(200, page);
    EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::bad_response);
}

TEST(FindConnections, ANameWithACommaIsFoundBySpecAlone) {
    FakeTransport transport;
    transport.answer(200, R"({"items":[{"id":"a","name":"a,b"},{"id":"b","name":"a"}]})");
    EXPECT_EQ(find(transport, "a,b").connections.size(), 1U);
    EXPECT_EQ(transport.requests()[0].url.find("name%3D%3D"), std::string::npos);
}

TEST(FindConnections, AnswersThatCannotBeUsed) {
    for (const char* const body :
         {"", "[]", "{}", R"({"items":{}})", R"({"items":[1]})", R"({"items":[{"id":"../x"}]})",
          R"({"items":[{"name":"n"}]})", "<html>", R"({"items":[)"}) {
        FakeTransport transport;
        transport.answer(200, body);
        EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::bad_response)
            << body;
    }
    FakeTransport transport;
    transport.answer(403, "");
    EXPECT_EQ(error_of([&] { find(transport, "n"); }).exit_code(), ExitCode::auth);
}

TEST(FindConnections, WithoutANameEveryOne) {
    FakeTransport transport;
    transport.answer(200, R"({"items":[{"id":"a","name":"x"},{"id":"b","name":"y"}]})");
    FlowService service = tests::service_over(transport);
    EXPECT_EQ(find_connections(service, std::nullopt).connections.size(), 2U);
}

TEST(FindConnections, OddLinksEndTheList) {
    for (const char* const links : {"null", "[]", R"({"next":null})", R"({"next":{"href":1}})",
                                    R"({"next":{"href":"/connections?xcontinuationToken=a"}})"}) {
        FakeTransport transport;
        transport.answer(200, R"({"items":[],"_links":)" + std::string(links) + "}");
        EXPECT_TRUE(find(transport, "n").connections.empty()) << links;
    }
}

}  // namespace
}  // namespace bqconn::flow
