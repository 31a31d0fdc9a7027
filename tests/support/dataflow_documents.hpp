// Documents of Flow Service about the dataflow "f": it reads shop.orders by the base connection
// "b", and consists of the source connection "s", the target connection "t" and the mapping set
// "m".
#pragma once

#include <string>
#include <vector>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/dataflow/dataflows.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::tests {

// `changes` replaces or adds members of the flow.
inline json::Json flow_item(const std::string& id = "f",
                            const json::Json& changes = json::Json::object()) {
    json::Json item = json::parse(R"({"etag":"\"1\"","name":"Orders","state":"enabled",
        "flowSpec":{"version":"1.0"},"sourceConnectionIds":["s"],"targetConnectionIds":["t"],
        "transformations":[{"name":"Copy","params":{"deltaColumn":{"name":"changed"}}},
                           {"name":"Mapping","params":{"mappingId":"m","mappingVersion":"0"}}],
        "scheduleParams":{"startTime":"1612310466","frequency":"hour","interval":"1"}})");
    item["id"] = id;
    item["flowSpec"]["id"] = dataflow::flow_spec_id;
    item["inheritedAttributes"]["sourceConnections"] = {
        {{"connectionSpec", {{"id", connection::bigquery_spec_id}}},
         {"baseConnection", {{"id", "b"}}}}};
    item.update(changes);
    return item;
}

inline std::string items_of(const std::vector<json::Json>& list) {
    return json::Json{{"items", list}}.dump();
}

inline std::string flow_document(const json::Json& changes = json::Json::object()) {
    return items_of({flow_item("f", changes)});
}

constexpr const char* source_document =
    R"({"items":[{"id":"s","name":"Orders","baseConnectionId":"b",)"
    R"("params":{"tableName":"shop.orders","columns":[{"name":"id"},{"name":"changed"}]}}]})";
constexpr const char* target_document =
    R"({"items":[{"id":"t","name":"Orders","params":{"dataSetId":"d"},)"
    R"("data":{"schema":{"id":"https://ns.adobe.com/acme/schemas/1"}}}]})";

}  // namespace bqconn::tests
