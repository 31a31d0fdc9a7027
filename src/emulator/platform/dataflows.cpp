// Flow Service: source and target connections, which lead from a base connection to a dataflow.
#include <algorithm>
#include <string>

#include "emulator/google/google.hpp"
#include "emulator/platform/connection_spec.hpp"
#include "emulator/platform/dataflows.hpp"
#include "emulator/platform/lake.hpp"

namespace bqconn::emulator {
namespace {

void check_source_params(const Json& params, const Call& call) {
    const std::string table = json::string_at(params, "tableName");
    refuse_if(table.empty(), "1323-400", "The source connection has no params.tableName.");
    if (params.contains("columns")) {
        const auto is_column = [](const Json& column) {
            return !json::string_at(column, "name").empty();
        };
        const Json& columns = json::array_at(params, "columns");
        refuse_if(columns.empty() || !std::ranges::all_of(columns, is_column), "1330-400",
                  "params.columns must have columns, each with a name.");
    }
    if (params.contains("filters")) {
        const auto bigquery = call.google.bigquery();
        passes(Json::object(), params.at("filters"), find_table(*bigquery, table));
    }
}

void complete_source_connection(Json& source, const Call& call) {
    refuse_mode(call);
    const auto connection =
        find_resource(call, Kind::connection, source.at("baseConnectionId"), 400);
    const Json& spec = connection->at("connectionSpec");
    if (source.at("connectionSpec").at("id") != bigquery_spec_id ||
        spec.at("id") != bigquery_spec_id) {
        throw invalid_spec_id();
    }
    refuse_if(!source.at("data").contains("format"), "1323-400",
              "The source connection has no data.format.");
    refuse_if(source.at("data").at("format") != "tabular", "1327-400",
              "The data.format of the source connection must be tabular.");
    check_source_params(source.value("params", Json::object()), call);
    source["inheritedAttributes"] = {
        {"baseConnection", {{"id", connection->at("id")}, {"connectionSpec", spec}}}};
}

void complete_target_connection(Json& target, const Call& call) {
    refuse_mode(call);
    refuse_if(target.at("connectionSpec").at("id") != data_lake_spec_id, "1307-400",
              "The connection spec of the target connection must be " +
                  std::string(data_lake_spec_id) + ".");
    const std::string id = json::string_at(target.value("params", Json::object()), "dataSetId");
    refuse_if(id.empty(), "1325-400", "The target connection has no params.dataSetId.");
    const auto dataset = call.store.find(Kind::data_set, *call.sandbox, id);
    if (!dataset) {
        throw unknown_resource("dataSets", id, 400);
    }
    const Json& schema = json::member(target.at("data"), "schema");
    const Json& schema_of_dataset = json::member(dataset->at("body"), "schemaRef");
    refuse_if(json::string_at(schema, "id") != json::string_at(schema_of_dataset, "id"), "1425-400",
              "data.schema.id is not the schema of the dataset " + id + ".");
}

}  // namespace

void refuse_if(bool condition, std::string_view code, std::string_view message) {
    if (condition) {
        throw invalid_request(code, message);
    }
}

void add_dataflow_routes(Routes& routes) {
    using Type = Json::value_t;
    const std::vector<FieldRule> shared{
        {"connectionSpec.id", Type::string},
        {"connectionSpec.version", Type::string, Presence::optional},
        {"data", Type::object},
        {"params", Type::object, Presence::optional}};
    ResourceKind source{.kind = Kind::source_connection,
                        .fields = shared,
                        .complete = complete_source_connection,
                        .patchable = {"/data/", "/params/"}};
    source.fields.push_back({"baseConnectionId", Type::string});
    add_resource_routes(routes, source);
    add_resource_routes(routes, {.kind = Kind::target_connection,
                                 .fields = shared,
                                 .complete = complete_target_connection,
                                 .patchable = {"/data/", "/params/"}});
    add_resource_routes(routes, flow_kind());
    add_flow_spec_routes(routes);
    add_run_routes(routes);
}

}  // namespace bqconn::emulator
