#include "bqconn/lake/schemas.hpp"

#include <gtest/gtest.h>

#include "bqconn/lake/datasets.hpp"
#include "support/expect_error.hpp"
#include "support/fake_transport.hpp"
#include "support/samples.hpp"

namespace bqconn::lake {
namespace {

using tests::error_of;
using tests::FakeTransport;

TEST(Schemas, FieldsArePathsWithTypes) {
    FakeTransport transport;
    transport.answer(
        200, R"({"$id":"https://ns.example/1","title":"Orders","required":["_id"],"properties":{)"
             R"("_id":{"type":"string"},"at":{"type":"string","format":"date-time"},)"
             R"("count":{"type":["integer","null"]},"a.b":{"type":"boolean"},)"
             R"("lines":{"type":"array","items":{"type":"object","required":["sku"],)"
             R"("properties":{"sku":{"type":"string"}}}}}})");
    flow::FlowService service = tests::service_over(transport);
    const SchemaFields schema = read_schema(service, "https://ns.example/1");
    EXPECT_TRUE(transport.requests()[0].url.ends_with(
        "/schemaregistry/tenant/schemas/https%3A%2F%2Fns.example%2F1"));
    EXPECT_EQ(tests::header_of(transport.requests()[0], "Accept"),
              "application/vnd.adobe.xed-full+json; version=1");
    std::string shown;
    for (const auto& field : schema.fields) {
        shown += field.path + " " + std::string(name_of(field.type)) +
                 (field.required ? " required\n" : "\n");
    }
    EXPECT_EQ(shown,
              "_id string required\na\\.b boolean\nat date-time\ncount integer\nlines array\n"
              "lines[*].sku string required\n");
    EXPECT_NE(schema.find("lines[3].sku"), nullptr);
    EXPECT_EQ(schema.find("lines.sku"), nullptr);
}

TEST(Schemas, PagesFollowNext) {
    FakeTransport transport;
    transport.answer(200, R"({"results":[{"$id":"1","title":"A"}],"_page":{"next":"A"}})");
    transport.answer(200, R"({"results":[{"$id":"2","title":"B"}],"_page":{"next":null}})");
    flow::FlowService service = tests::service_over(transport);
    EXPECT_EQ(read_schemas(service).size(), 2U);
    EXPECT_TRUE(transport.requests()[1].url.ends_with("orderby=title&limit=300&start=A"));
    FakeTransport endless;
    const std::string page = R"({"results":[],"_page":{"next":"A"}})";
    endless.answer(200, page);
    endless.answer(200, page);
    flow::FlowService repeating = tests::service_over(endless);
    EXPECT_EQ(error_of([&] { read_schemas(repeating); }).exit_code(), ExitCode::bad_response);
}

TEST(Datasets, AreFoundByTheirExactName) {
    FakeTransport transport;
    transport.answer(200, R"({"5c8c3c555033b814b69f947f":{"name":"a*b","schemaRef":{"id":"s"}},)"
                          R"("5c8c3c555033b814b69f9480":{"name":"aXb"}})");
    flow::FlowService service = tests::service_over(transport);
    const auto found = find_datasets(service, "a*b");
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].schema_id, "s");
    EXPECT_TRUE(transport.requests()[0].url.ends_with("&property=name%3D%3Da%2A%2Ab"))
        << "a star is a wildcard, two are a star";
}

TEST(Datasets, EveryPageIsReadOnce) {
    json::Json page = json::Json::object();
    for (int i = 0; i < 100; ++i) {
        page["dataset" + std::to_string(i)] = {{"name", "n"}};
    }
    FakeTransport transport;
    transport.answer(200, page.dump());
    transport.answer(200, R"({"last":{"name":"n"}})");
    flow::FlowService service = tests::service_over(transport);
    EXPECT_EQ(find_datasets(service).size(), 101U);
    EXPECT_TRUE(transport.requests()[1].url.ends_with("start=100"));
    FakeTransport same;
    same.answer(200, page.dump());
    same.answer(200, page.dump());
    flow::FlowService repeating = tests::service_over(same);
    EXPECT_EQ(find_datasets(repeating).size(), 100U) << "a page without anything new is the last";
}

TEST(Datasets, AnUnknownIdIsNone) {
    for (const auto& [status, body] : std::vector<std::pair<int, const char*>>{
             {404, R"({"title":"NotFoundError"})"}, {200, R"({"status":404,"title":"x"})"}}) {
        FakeTransport transport;
        transport.answer(status, body);
        flow::FlowService service = tests::service_over(transport);
        EXPECT_EQ(read_dataset(service, "5c8c3c555033b814b69f947f"), std::nullopt) << body;
    }
    FakeTransport other;
    other.answer(200, R"({"another":{"name":"n"}})");
    flow::FlowService service = tests::service_over(other);
    EXPECT_EQ(error_of([&] { read_dataset(service, "wanted"); }).exit_code(),
              ExitCode::bad_response);
}

}  // namespace
}  // namespace bqconn::lake
