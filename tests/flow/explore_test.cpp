#include "bqconn/flow/explore.hpp"

#include <gtest/gtest.h>

#include "bqconn/flow/dependants.hpp"
#include "bqconn/flow/sandboxes.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::flow {
namespace {

using tests::error_of;
using tests::FakeTransport;

TEST(ReadTables, AsTheServiceGivesThem) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"([{"type":"table","name":"ds.t","path":"ds.t","canPreview":true,)"
                          R"("canFetchSchema":true},{"name":"only.name"},{"path":"only.path"}])");
    const auto tables = read_tables(service, "a");
    ASSERT_EQ(tables.size(), 3U);
    EXPECT_TRUE(tables[0].can_preview);
    EXPECT_EQ(tables[1].path, "only.name");
    EXPECT_EQ(tables[2].name, "only.path");
    EXPECT_TRUE(transport.requests()[0].url.ends_with("/connections/a/explore?objectType=root"));
}

TEST(ReadTables, WhatCannotBeUsed) {
    for (const char* const body : {"", "{}", "[1]", "[{}]", R"([{"name":1}])"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        EXPECT_EQ(error_of([&] { read_tables(service, "a"); }).code(), "bad_response.explore")
            << body;
    }
}

TEST(ReadTable, ColumnsAndRows) {
    const char* const body =
        R"({"format":"flat","schema":{"columns":[{"name":"id","type":"integer"},)"
        R"({"name":"x","xdm":{"type":"string"}},{"name":"y"}]},"data":[{"id":1,"x":null}]})";
    for (const bool preview : {false, true}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        const TableContent content = read_table(service, "a", "d&s.t", preview);
        ASSERT_EQ(content.columns.size(), 3U);
        EXPECT_EQ(content.columns[0].type, "integer");
        EXPECT_EQ(content.columns[1].type, "string") << "from the xdm schema";
        EXPECT_EQ(content.columns[2].type, "");
        EXPECT_EQ(content.rows.size(), preview ? 1U : 0U);
        const std::string wanted = "objectType=table&object=d%26s.t";
        EXPECT_TRUE(
            transport.requests()[0].url.ends_with(preview ? wanted + "&preview=true" : wanted))
            << transport.requests()[0].url;
    }
}

TEST(ReadTable, WhatCannotBeUsed) {
    for (const char* const body :
         {"[]", "{}", R"({"schema":[]})", R"({"schema":{"columns":{}}})",
          R"({"schema":{"columns":[{}]}})", R"({"schema":{"columns":[]},"data":{}})",
          R"({"schema":{"columns":[]},"data":[1]})"}) {
        FakeTransport transport;
        FlowService service = tests::service_over(transport);
        transport.answer(200, body);
        EXPECT_EQ(error_of([&] { read_table(service, "a", "d.t", true); }).code(),
                  "bad_response.explore")
            << body;
    }
}

TEST(FindDependants, TheDataflowsOfTheSourceConnections) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"({"items":[{"id":"s1","name":"S"}],"_links":{"next":{"href":)"
                          R"("/sourceConnections?continuationToken=t"}}})");
    transport.answer(200, R"({"items":[{"id":"s2"}]})");
    transport.answer(200, R"({"items":[{"id":"f1","name":"F","state":"enabled"},{"id":"f1"}]})");
    const Dependants found = find_dependants(service, "a");
    EXPECT_EQ(found.source_connections.size(), 2U);
    ASSERT_EQ(found.dataflows.size(), 1U);
    EXPECT_EQ(found.dataflows[0].name, "F");
    EXPECT_NE(transport.requests()[0].url.find("baseConnectionId%3D%3Da"), std::string::npos);
    EXPECT_TRUE(transport.requests()[2].url.ends_with(
        "/flows?property=sourceConnectionIds%5B%5D%3D%3Ds1%2Cs2"))
        << transport.requests()[2].url;
}

TEST(FindDependants, ManySourceConnectionsAreAskedForInParts) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    std::string items;
    for (int i = 0; i < 90; ++i) {
        items += (i == 0 ? "" : ",") + std::string(R"({"id":"s)") + std::to_string(i) + "\"}";
    }
    transport.answer(200, R"({"items":[)" + items + "]}");
    transport.answer(200, R"({"items":[{"id":"f1"}]})");
    transport.answer(200, R"({"items":[{"id":"f1"},{"id":"f2"}]})");
    transport.answer(200, R"({"items":[]})");
    EXPECT_EQ(find_dependants(service, "a").dataflows.size(), 2U);
}

TEST(FindDependants, NoSourceConnectionNoQuestionForDataflows) {
    FakeTransport transport;
    FlowService service = tests::service_over(transport);
    transport.answer(200, R"({"items":[]})");
    EXPECT_TRUE(find_dependants(service, "a").dataflows.empty());
}

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
