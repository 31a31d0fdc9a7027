// The export API (Data Access): the rows of batches, as JSON lines where Adobe has Parquet, and the
// rejected rows.
#include <string>

#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

std::string json_lines(const Json& rows) {
    std::string text;
    for (const Json& row : rows) {
        text += dump(row) + "\n";
    }
    return text;
}

ResourcePointer find_batch(const Call& call) {
    const std::string& id = call.captures.front();
    auto found = call.store.find(Kind::batch, *call.sandbox, id);
    if (!found) {
        throw not_found("The batch " + id + " was not found");
    }
    return found;
}

// A list with one entry for the rows, empty if there are none. As in Adobe's samples, the link
// points to Adobe's own host: a client must use only its path.
Answer list_of(const Json& rows, Json entry, const std::string& path) {
    entry["_links"] = {{"self", {{"href", "https://platform.adobe.io" + path}}}};
    const Json entries = rows.empty() ? Json::array() : Json::array({entry});
    return json_answer(200,
                       {{"data", entries}, {"_page", {{"limit", 100}, {"count", entries.size()}}}});
}

// The one file with these rows or, unless its path is given, a list of it.
Answer serve_file(const Call& call, const Json& rows, const std::string& folder,
                  const std::string& name) {
    const std::string file = folder + (folder.empty() ? "" : "/") + name;
    const std::string path = parameter(call.request.query, "path");
    if (path.empty() || path == folder) {
        return list_of(rows, {{"name", name}, {"length", std::to_string(json_lines(rows).size())}},
                       call.request.path + "?path=" + percent_encode(file));
    }
    if (path != file || rows.empty()) {
        throw not_found("The batch has no file at that path");
    }
    return {.headers = {{"Content-Type", "application/octet-stream"}}, .body = json_lines(rows)};
}

Answer batch_meta(const Call& call) {
    return serve_file(call, find_batch(call)->at("rejected"), "row_errors",
                      "conversion_errors_0.json");
}

// A batch has one dataset file, with the same id.
Answer batch_files(const Call& call) {
    const auto batch = find_batch(call);
    const Json& id = batch->at("id");
    const Json& rows = batch->at("documents");
    return list_of(rows,
                   {{"dataSetFileId", id},
                    {"records", std::to_string(rows.size())},
                    {"size", std::to_string(json_lines(rows).size())},
                    {"isValid", true}},
                   export_path + "/files/" + id.get<std::string>());
}

Answer get_file(const Call& call) {
    return serve_file(call, find_batch(call)->at("documents"), "", "part-00000.json");
}

}  // namespace

void add_export_routes(Routes& routes) {
    const std::string batch = "GET " + export_path + "/batches/{}";
    routes.push_back({batch + "/meta", Access::sandbox, batch_meta});
    routes.push_back({batch + "/files", Access::sandbox, batch_files});
    routes.push_back({"GET " + export_path + "/files/{}", Access::sandbox, get_file});
}

}  // namespace bqconn::emulator
