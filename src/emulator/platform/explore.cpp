// Flow Service: access to a connection's data. GET /connections/{id}/test and /explore. Emulates
// Google only as far as --test-result and --bad-credentials say.
#include <algorithm>
#include <fstream>
#include <set>
#include <string>

#include "bqconn/core/text.hpp"
#include "bqconn/crypto/encoding.hpp"
#include "emulator/google/google.hpp"
#include "emulator/options.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

void add_texts(const Json& object, std::set<std::string>& texts) {
    for (const Json& value : object.is_object() ? object : Json::object()) {
        if (value.is_string()) {
            texts.insert(value.get<std::string>());
        }
    }
}

// Whether auth.params, or the key file there, contain a value that is a line of the file
// --bad-credentials now. A file that has been deleted since the start counts as empty.
bool has_bad_credentials(const Json& connection, const Options& options) {
    if (options.bad_credentials_file.empty()) {
        return false;
    }
    std::set<std::string> texts;
    const Json& params = connection.at("auth").at("params");
    add_texts(params, texts);
    if (const auto key_file = crypto::from_base64(json::string_at(params, "keyFileContent"))) {
        add_texts(json::parse_or_null(*key_file), texts);
    }
    std::ifstream file(options.bad_credentials_file, std::ios::binary);
    std::string line;
    while (std::getline(file, line)) {
        const auto word = trim_ascii(line);
        if (!word.empty() && texts.contains(std::string(word))) {
            return true;
        }
    }
    return false;
}

Answer test_connection(const Call& call) {
    const auto connection = resource_in_path(call, Kind::connection);
    const bool result = call.store.test_result(Store::Next::use_up);
    return json_answer(200,
                       {{"result", result && !has_bad_credentials(*connection, call.options)}});
}

struct ExploreQuery {
    std::string object_type = "root";
    std::string object;
    bool preview = false;
};

// Other parameters, such as fileType, belong to other sources and are ignored.
ExploreQuery parse_explore_query(const Pairs& query) {
    ExploreQuery parsed;
    for (const auto& [key, value] : query) {
        if (key == "objectType") {
            parsed.object_type = to_lower_ascii(value);
        } else if (key == "object") {
            parsed.object = value;
        } else if (key == "preview") {
            parsed.preview = to_lower_ascii(value) == "true";
        }
    }
    const bool is_table = parsed.object_type == "table";
    if ((!is_table && parsed.object_type != "root") || is_table == parsed.object.empty()) {
        throw older_problem(400,
                            "Invalid query parameters: objectType must be root, or table with the "
                            "parameter object");
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
    constexpr std::size_t largest_preview = 10;
    Json document = {{"format", "flat"}, {"schema", {{"columns", table.columns}}}};
    if (preview) {
        const auto rows = static_cast<std::ptrdiff_t>(std::min(table.rows.size(), largest_preview));
        document["data"] = Json::array_t(table.rows.begin(), table.rows.begin() + rows);
    }
    return document;
}

Answer explore_connection(const Call& call) {
    const auto connection = resource_in_path(call, Kind::connection);
    const ExploreQuery query = parse_explore_query(call.request.query);
    const auto bigquery = call.google.bigquery();
    if (!source_accepts(*connection, call)) {
        throw older_problem(400, "The source refuses the credentials of this connection.");
    }
    if (query.object_type == "root") {
        return json_answer(200, tables_document(*bigquery));
    }
    const BigQueryTable* const table = find_table(*bigquery, query.object);
    if (table == nullptr) {
        throw older_problem(404, "The source has no such table.");
    }
    return json_answer(200, table_document(*table, query.preview));
}

}  // namespace

bool source_accepts(const Json& connection, const Call& call) {
    return call.store.test_result(Store::Next::look) &&
           !has_bad_credentials(connection, call.options);
}

void add_explore_routes(Routes& routes) {
    const std::string connection = flow_service_path + "/connections/{}";
    routes.push_back({"GET " + connection + "/test", Access::sandbox, test_connection});
    routes.push_back({"GET " + connection + "/explore", Access::sandbox, explore_connection});
}

}  // namespace bqconn::emulator
