// An emulator whose clock stands still until a test moves it, with a table, a dataset, and what a
// dataflow between them needs.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "emulator/certificate.hpp"
#include "emulator/http_client.hpp"
#include "emulator/platform/lake.hpp"

namespace bqconn::emulator {

using Ids = std::vector<std::string>;

inline const std::string bigquery_spec = "3c9b37f8-13a6-43d8-bad3-b863b941fedd";
inline const std::string lake_spec = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";
inline const std::string table_flow_spec = "14518937-270c-4525-bdec-c2ba7cce3860";
inline const std::string orders_schema = "https://ns.adobe.com/acme/schemas/orders";

inline constexpr std::int64_t start_of_test = 1'717'200'000;  // 2024-06-01T00:00:00Z
inline constexpr std::int64_t one_minute = 60;

class DataflowsTest : public testing::Test {
  protected:
    explicit DataflowsTest(Options options = {}) : emulator_(complete(std::move(options))) {
        add_lake();
        add_mapping("mapping", orders_schema, "_acme.name");
        add_mapping("of-another-schema", "https://ns.adobe.com/acme/schemas/others", "_acme.name");
        add_mapping("invalid", orders_schema, "_acme.unknown");
        tables(R"({"id": 1, "name": "tea", "changed_at": "2024-05-31T12:00:00Z"})");
        base_ = emulator_.create("a");
    }

    Store& store() { return emulator_.emulator.store(); }

    void pass(std::int64_t seconds) { *now_ += seconds; }

    // The table shop.orders.
    void tables(const std::string& rows, const std::string& columns = {}) {
        const std::string usual = R"({"name": "id", "type": "INT64"},
            {"name": "name", "type": "STRING"}, {"name": "changed_at", "type": "TIMESTAMP"},
            {"name": "city", "type": "STRING"})";
        text_of_tables(R"({"datasets": [{"id": "shop", "tables": [{"id": "orders", "schema": [)" +
                       (columns.empty() ? usual : columns) + R"(], "rows": [)" + rows + "]}]}]}");
    }

    void text_of_tables(const std::string& text) const { std::ofstream(bigquery_file()) << text; }

    Json source_body() const {
        return {{"name", "a source"},
                {"baseConnectionId", base_},
                {"connectionSpec", {{"id", bigquery_spec}, {"version", "1.0"}}},
                {"data", {{"format", "tabular"}}},
                {"params", {{"tableName", "shop.orders"}}}};
    }

    static Json target_body() {
        return {{"name", "a target"},
                {"connectionSpec", {{"id", lake_spec}, {"version", "1.0"}}},
                {"data", {{"schema", {{"id", orders_schema}}}}},
                {"params", {{"dataSetId", "orders"}}}};
    }

    // With new connections, every 15 minutes, from a minute after the start of the test.
    Json flow_body() {
        return {{"name", "a flow"},
                {"flowSpec", {{"id", table_flow_spec}, {"version", "1.0"}}},
                {"sourceConnectionIds", Json::array({made("/sourceConnections", source_body())})},
                {"targetConnectionIds", Json::array({made("/targetConnections", target_body())})},
                {"transformations",
                 {{{"name", "Copy"}, {"params", {{"deltaColumn", {{"name", "changed_at"}}}}}},
                  {{"name", "Mapping"},
                   {"params", {{"mappingId", "mapping"}, {"mappingVersion", 0}}}}}},
                {"options", {{"errorDiagnosticsEnabled", true}}},
                {"scheduleParams",
                 {{"startTime", start_of_test + one_minute},
                  {"frequency", "minute"},
                  {"interval", 15}}}};
    }

    // The same, but it runs once.
    Json once_body() {
        Json body = flow_body();
        body["transformations"].erase(0);
        body["scheduleParams"] = {{"startTime", start_of_test + one_minute}, {"frequency", "once"}};
        return body;
    }

    std::string made(const std::string& path, const Json& body) {
        const Reply reply = emulator_.flow("POST", path, body.dump());
        EXPECT_EQ(reply.status, 201) << reply.body;
        const Json document = reply.json();
        EXPECT_EQ(document.size(), 2U);
        EXPECT_TRUE(document.at("etag").is_string());
        const std::string id = document.at("id");
        EXPECT_EQ(reply.header("location"), "/data/foundation/flowservice" + path + "/" + id);
        return id;
    }

    Json item(const std::string& path) {
        const Reply reply = emulator_.flow("GET", path);
        EXPECT_EQ(reply.status, 200) << path << reply.body;
        return reply.json().at("items").at(0);
    }

    Json items(const std::string& list) {
        const Reply reply = emulator_.flow("GET", list);
        EXPECT_EQ(reply.status, 200) << list << reply.body;
        return reply.json().at("items");
    }

    Ids ids(const std::string& list) {
        Ids found;
        for (const Json& item : items(list)) {
            found.push_back(item.at("id"));
        }
        return found;
    }

    // The code of the error, such as "1439-404"; the status if the answer has none.
    std::string code(const std::string& method, const std::string& path,
                     const Json& body = nullptr) {
        const Reply reply = emulator_.flow(method, path, body.is_null() ? "" : body.dump());
        const std::string type =
            reply.body.empty() ? std::string() : json::string_at(reply.json(), "type");
        const auto prefix = type.find("FLOW-");
        return prefix == std::string::npos ? std::to_string(reply.status) : type.substr(prefix + 5);
    }

    Reply patch(const std::string& path, const Json& operations) {
        Headers headers = emulator_.credentials();
        headers["Content-Type"] = "application/json";
        headers["If-Match"] = item(path).at("etag");
        return send(emulator_.port(), "PATCH", "/data/foundation/flowservice" + path, headers,
                    operations.dump());
    }

    // A replacement of one value.
    Reply patch(const std::string& path, const std::string& where, const Json& value) {
        return patch(path, Json::array({{{"op", "replace"}, {"path", where}, {"value", value}}}));
    }

    void add_mapping(const std::string& id, const std::string& schema_id, const std::string& name) {
        const auto mapping = [](const std::string& source, const std::string& destination) {
            return Json{
                {"sourceType", "ATTRIBUTE"}, {"source", source}, {"destination", destination}};
        };
        const Json body = {{"outputSchema", {{"schemaRef", {{"id", schema_id}}}}},
                           {"mappings", {mapping("id", "_acme.id"), mapping("name", name)}},
                           {"version", 1}};
        add_document(store(), *store().find_sandbox("dev"), Kind::mapping_set, id, body);
    }

    std::string bigquery_file() const { return folder_.file("tables"); }
    std::string bad_credentials_file() const { return folder_.file("bad"); }

  private:
    // The datasets "orders" and "others", each with a schema of its own.
    void add_lake() {
        const Options& options = emulator_.emulator.options();
        const Sandbox& dev = *store().find_sandbox("dev");
        const std::string profile = "https://ns.adobe.com/xdm/context/profile";
        const Json fields = Json::parse(R"({"_acme": {"type": "object", "required": ["name"],
            "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}})");
        for (const std::string id : {"orders", "others"}) {
            add_xdm(store(), dev, options, Kind::schema, id,
                    {{"title", id},
                     {"type", "object"},
                     {"allOf", Json::array({{{"$ref", profile}}})},
                     {"required", Json::array({"_acme"})},
                     {"properties", fields}});
            const std::string schema_id = "https://ns.adobe.com/acme/schemas/" + id;
            add_dataset(store(), dev, options, id,
                        {{"name", id}, {"schemaRef", {{"id", schema_id}}}});
        }
    }

    Options complete(Options options) const {
        options.bigquery_file = bigquery_file();
        options.bad_credentials_file = bad_credentials_file();
        options.clock = [now = now_] {
            return std::chrono::system_clock::time_point(std::chrono::seconds(now->load()));
        };
        return options;
    }

    const TemporaryFolder folder_;
    const std::shared_ptr<std::atomic<std::int64_t>> now_ =
        std::make_shared<std::atomic<std::int64_t>>(start_of_test);

  protected:
    RunningEmulator emulator_;
    std::string base_;
};

}  // namespace bqconn::emulator
