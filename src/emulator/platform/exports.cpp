// The export API (Data Access): the rows of batches, as JSON lines where Adobe has Parquet, and the
// rows that were dropped.
#include <algorithm>
#include <map>
#include <string>

#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

// Path to content. A path has at most one folder.
using Files = std::map<std::string, std::string>;

std::string json_lines(const Json& rows) {
    std::string text;
    for (const Json& row : rows) {
        text += dump(row) + "\n";
    }
    return text;
}

Files files_of_rows(const Json& rows) {
    return rows.empty() ? Files{} : Files{{"part-00000.json", json_lines(rows)}};
}

Json page_of(const Json& entries) {
    return {{"data", entries}, {"_page", {{"limit", 100}, {"count", entries.size()}}}};
}

// As in Adobe's samples, links lead to Adobe's own host: a client must use only their path.
Json self_link(const std::string& path) {
    return {{"self", {{"href", "https://platform.adobe.io" + path}}}};
}

// The file or folder that the parameter "path" names; without it, everything at the top.
Answer serve_files(const Call& call, const Files& files) {
    const std::string path = parameter(call.request.query, "path");
    if (const auto found = files.find(path); found != files.end()) {
        return {.headers = {{"Content-Type", "application/octet-stream"}}, .body = found->second};
    }
    const std::string folder = path.empty() ? "" : path + "/";
    std::map<std::string, std::size_t> sizes;
    for (const auto& [name, content] : files) {
        if (name.starts_with(folder)) {
            sizes[name.substr(folder.size(), name.find('/', folder.size()) - folder.size())] +=
                content.size();
        }
    }
    if (sizes.empty() && !path.empty() && path != "row_errors") {
        throw not_found("The batch has no file at that path");
    }
    Json entries = Json::array();
    for (const auto& [name, size] : sizes) {
        entries.push_back(
            {{"name", name},
             {"length", std::to_string(size)},
             {"_links", self_link(call.request.path + "?path=" + percent_encode(folder + name))}});
    }
    return json_answer(200, page_of(entries));
}

ResourcePointer find_batch(const Call& call, const std::string& id) {
    auto found = call.store.find(Kind::batch, *call.sandbox, id);
    if (!found) {
        throw not_found("The batch " + id + " was not found");
    }
    return found;
}

Answer batch_meta(const Call& call) {
    constexpr std::size_t most_samples = 10;
    const auto batch = find_batch(call, call.captures.front());
    const Json& rejected = batch->at("rejected");
    if (rejected.empty()) {
        return serve_files(call, {});
    }
    const auto shown = static_cast<std::ptrdiff_t>(std::min(rejected.size(), most_samples));
    const Json samples(Json::array_t(rejected.begin(), rejected.begin() + shown));
    return serve_files(call, {{"row_errors/conversion_errors_0.json", json_lines(rejected)},
                              {"row_error_samples.json", dump({{"samples", samples}})}});
}

// What a failed batch did not write.
Answer batch_failed(const Call& call) {
    const auto batch = find_batch(call, call.captures.front());
    const bool failed = batch->at("body").at("status") == "failed";
    return serve_files(call, files_of_rows(failed ? batch->at("rejected") : Json::array()));
}

// A batch has one dataset file, with the same id.
Answer batch_files(const Call& call) {
    const std::string& id = call.captures.front();
    const Json& rows = find_batch(call, id)->at("documents");
    Json entries = Json::array();
    if (!rows.empty()) {
        entries.push_back({{"dataSetFileId", id},
                           {"records", std::to_string(rows.size())},
                           {"size", std::to_string(json_lines(rows).size())},
                           {"isValid", true},
                           {"_links", self_link(export_path + "/files/" + id)}});
    }
    return json_answer(200, page_of(entries));
}

Answer get_file(const Call& call) {
    return serve_files(call,
                       files_of_rows(find_batch(call, call.captures.front())->at("documents")));
}

}  // namespace

void add_export_routes(Routes& routes) {
    const std::string batch = "GET " + export_path + "/batches/{}";
    routes.push_back({batch + "/meta", Access::sandbox, batch_meta});
    routes.push_back({batch + "/failed", Access::sandbox, batch_failed});
    routes.push_back({batch + "/files", Access::sandbox, batch_files});
    routes.push_back({"GET " + export_path + "/files/{}", Access::sandbox, get_file});
}

}  // namespace bqconn::emulator
