#include "bqconn/flow/sandboxes.hpp"

#include <gtest/gtest.h>

#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using tests::error_of;
using tests::FakeTransport;

std::string sandboxes_named(int first, int count) {
    std::string items;
    for (int i = first; i < first + count; ++i) {
        items += (i == first ? "" : ",") + std::string(R"({"name":"s)") + std::to_string(i) +
                 R"(","isDefault":)" + (i == 0 ? "true" : "false") + "}";
    }
    return R"({"sandboxes":[)" + items +
           R"(],"_links":{"next":{"href":"https://elsewhere.test/?limit={limit}&offset={offset}"}}})";
}

TEST(ReadSandboxes, CountsThePages) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, sandboxes_named(0, 50));
    transport.answer(200, sandboxes_named(50, 3));  // fewer than requested: there may be more
    transport.answer(200, sandboxes_named(53, 0));
    const auto found = read_sandboxes(service);
    ASSERT_EQ(found.size(), 53U);
    EXPECT_TRUE(found[0].is_default);
    EXPECT_FALSE(found[1].is_default);
    const http::Request& second = transport.requests()[1];
    EXPECT_EQ(second.url,
              "https://platform.test/data/foundation/sandbox-management/?limit=50&offset=50");
    EXPECT_EQ(tests::header_of(second, "x-sandbox-name"), "");
    EXPECT_EQ(tests::header_of(second, "x-gw-ims-org-id"), "0123ABCD@AdobeOrg");
}

TEST(ReadSandboxes, AShortPageWithoutNextIsTheLast) {
    for (const char* const links : {R"({"page":{"href":"/?limit={limit}"}})", R"({"next":null})"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200,
                         R"({"sandboxes":[{"name":"dev"}],"_links":)" + std::string(links) + "}");
        EXPECT_EQ(read_sandboxes(service).size(), 1U);
        EXPECT_EQ(transport.requests().size(), 1U) << links;
    }
}

TEST(ReadSandboxes, AServiceThatDoesNotCountIsReadOnce) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, sandboxes_named(0, 50));
    transport.answer(200, sandboxes_named(0, 50));
    EXPECT_EQ(read_sandboxes(service).size(), 50U);
}

TEST(ReadSandboxes, WhatCannotBeUsed) {
    for (const char* const body :
         {"[]", "{}", R"({"sandboxes":{}})", R"({"sandboxes":[{}]})", R"({"sandboxes":[1]})"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        EXPECT_EQ(error_of([&] { read_sandboxes(service); }).code(), "bad_response.sandboxes")
            << body;
    }
}

}  // namespace
}  // namespace bqconn::flow
