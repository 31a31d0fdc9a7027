#include "bqconn/emulator/flow_explore.hpp"

#include <algorithm>
#include <string>

#include "bqconn/emulator/flow_resources.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t largest_preview = 10;

struct ExploreQuery {
    std::string object_type;
    std::string object;
    bool preview = false;
};

Refused invalid_explore(const std::string& message) {
    return older_problem(400, "Invalid query parameters: " + message);
}

ExploreQuery parse_explore_query(const Pairs& query) {
    ExploreQuery parsed;
    for (const auto& [key, value] : query) {
        if (key == "objectType") {
            parsed.object_type = value;
        } else if (key == "object") {
            parsed.object = value;
        } else if (key == "preview" && (value == "true" || value == "false")) {
            parsed.preview = value == "true";
        } else if (key == "preview") {
            throw invalid_explore("preview must be true or false");
        } else {
            throw invalid_explore("only objectType, object and preview are known");
        }
    }
    if (parsed.object_type != "root" && parsed.object_type != "table") {
        throw invalid_explore("objectType must be root or table");
    }
    if ((parsed.object_type == "table") == parsed.object.empty()) {
        throw invalid_explore("object must be given with objectType=table, and only with it");
    }
    if (parsed.preview && parsed.object_type != "table") {
        throw invalid_explore("preview needs objectType=table");
    }
    return parsed;
}

Json tables_document(const BigQueryProject& bigquery) {
    Json document = Json::array();
    for (const BigQueryTable& table : bigquery.tables) {
        document.push_back({{"type", "table"},
                            {"name", table.path},
                            {"path", table.path},
                            {"canPreview", true},
                            {"canFetchSchema", true}});
    }
    return document;
}

Json table_document(const BigQueryTable& table, bool preview) {
    Json document = {{"format", "flat"}, {"schema", {{"columns", table.columns}}}};
    if (preview) {
        const auto rows = static_cast<std::ptrdiff_t>(std::min(table.rows.size(), largest_preview));
        document["data"] = Json(Json::array_t(table.rows.begin(), table.rows.begin() + rows));
    }
    return document;
}

Answer explore(const Call& call, const Store& store, const CredentialCheck& credentials,
               const BigQueryProject& bigquery) {
    const auto connection = resource_in_path(call, store, Kind::connection);
    const ExploreQuery query = parse_explore_query(call.request.query);
    if (!credentials.good(*connection)) {
        throw older_problem(400, "The source refuses the credentials of this connection.");
    }
    if (query.object_type == "root") {
        return json_answer(200, tables_document(bigquery));
    }
    const auto table = std::find_if(
        bigquery.tables.begin(), bigquery.tables.end(),
        [&](const BigQueryTable& candidate) { return candidate.path == query.object; });
    if (table == bigquery.tables.end()) {
        throw older_problem(404, "The source has no such table.");
    }
    return json_answer(200, table_document(*table, query.preview));
}

}  // namespace

void add_explore_routes(Router& router, const Store& store, CredentialCheck& credentials,
                        const BigQueryProject& bigquery) {
    const std::string connection = flow_service_path + "/connections/{}";
    router.add({"GET", connection + "/test", Access::sandbox, [&](const Call& call) {
                    const auto found = resource_in_path(call, store, Kind::connection);
                    return json_answer(200, {{"result", credentials.test(*found)}});
                }});
    router.add({"GET", connection + "/explore", Access::sandbox,
                [&](const Call& call) { return explore(call, store, credentials, bigquery); }});
}

}  // namespace bqconn::emulator
