#include "bqconn/flow/explore.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace bqconn::flow
