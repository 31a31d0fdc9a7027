// The export API (Data Access): the rows of batches, as JSON lines where Adobe has Parquet, and the
// rows that were dropped.
#include <string>
#include <utility>
#include <vector>

#include "emulator/platform/lake.hpp"
#include "emulator/platform/platform.hpp"

namespace bqconn::emulator {
namespace {

const std::string rows_file = "part-00000.json";
const std::string errors_folder = "row_errors";
const std::string errors_file = "conversion_errors_0.json";
const std::string samples_file = "row_error_samples.json";

ResourcePointer find_batch(const Call& call, const std::string& id) {
    auto found = call.store.find(Kind::batch, *call.sandbox, id);
    if (!found) {
        throw not_found("The batch " + id + " was not found");
    }
    return found;
}

std::string json_lines(const Json& rows) {
    std::string text;
    for (const Json& row : rows) {
        text += dump(row) + "\n";
    }
    return text;
}

Answer file_answer(std::string text) {
    return {.headers = {{"Content-Type", "application/octet-stream"}}, .body = std::move(text)};
}

// As in Adobe's samples, links lead to Adobe's own host: a client must use only their path.
Json file_entry(const std::string& name, std::size_t length, const std::string& link) {
    return {{"name", name},
            {"length", std::to_string(length)},
            {"_links", {{"self", {{"href", "https://platform.adobe.io" + export_path + link}}}}}};
}

Answer file_list(const Json& entries) {
    constexpr std::size_t limit = 100;
    return json_answer(
        200, {{"data", entries}, {"_page", {{"limit", limit}, {"count", entries.size()}}}});
}

// The parameter "path"; empty if it is missing.
std::string path_parameter(const Call& call) {
    return parameter(call.request.query, "path");
}

// Adobe's documents use both names for the samples.
bool is_samples_file(const std::string& path) {
    return path == samples_file || path == "row_errors_sample.json";
}

Answer batch_meta(const Call& call) {
    const std::string& id = call.captures.front();
    const auto batch = find_batch(call, id);
    const Json& rejected = batch->at("rejected");
    const std::string path = path_parameter(call);
    const std::string link = "/batches/" + id + "/meta?path=";
    const std::string lines = json_lines(rejected);
    if (path == errors_folder + "/" + errors_file && !rejected.empty()) {
        return file_answer(lines);
    }
    if (is_samples_file(path) && !rejected.empty()) {
        constexpr std::size_t most_samples = 10;
        Json samples = Json::array();
        for (std::size_t i = 0; i < std::min(rejected.size(), most_samples); ++i) {
            samples.push_back(rejected[i]);
        }
        return json_answer(200, {{"samples", samples}});
    }
    Json entries = Json::array();
    if (path == errors_folder && !rejected.empty()) {
        entries.push_back(
            file_entry(errors_file, lines.size(), link + errors_folder + "%2F" + errors_file));
    } else if (path.empty() && !rejected.empty()) {
        for (const std::string& name : {errors_folder, samples_file}) {
            entries.push_back(file_entry(name, 0, link + name));
        }
    } else if (!path.empty() && path != errors_folder) {
        throw not_found("The batch has no file of that path");
    }
    return file_list(entries);
}

// What a failed batch did not write.
Answer batch_failed(const Call& call) {
    const std::string& id = call.captures.front();
    const auto batch = find_batch(call, id);
    if (batch->at("body").at("status") != "failed") {
        return file_list(Json::array());
    }
    const std::string lines = json_lines(batch->at("rejected"));
    const std::string path = path_parameter(call);
    if (path == rows_file) {
        return file_answer(lines);
    }
    if (!path.empty()) {
        throw not_found("The batch has no file of that path");
    }
    return file_list(Json::array(
        {file_entry(rows_file, lines.size(), "/batches/" + id + "/failed?path=" + rows_file)}));
}

// A batch has one file, whose id is the batch's and this.
const std::string file_suffix = "-1";

Answer batch_files(const Call& call) {
    const std::string& id = call.captures.front();
    const auto batch = find_batch(call, id);
    const Json& rows = batch->at("documents");
    Json entries = Json::array();
    if (!rows.empty()) {
        entries.push_back(
            file_entry(rows_file, json_lines(rows).size(), "/files/" + id + file_suffix));
        entries.back().erase("name");
        entries.back().update({{"dataSetFileId", id + file_suffix},
                               {"records", std::to_string(rows.size())},
                               {"isValid", true}});
    }
    return file_list(entries);
}

Answer get_file(const Call& call) {
    const std::string& file = call.captures.front();
    const std::string id = file.ends_with(file_suffix)
                               ? file.substr(0, file.size() - file_suffix.size())
                               : std::string();
    const auto batch = find_batch(call, id);
    const std::string lines = json_lines(batch->at("documents"));
    const std::string path = path_parameter(call);
    if (path == rows_file) {
        return file_answer(lines);
    }
    if (!path.empty()) {
        throw not_found("The file has no part of that path");
    }
    return file_list(Json::array(
        {file_entry(rows_file, lines.size(), "/files/" + file + "?path=" + rows_file)}));
}

}  // namespace

void add_export_routes(Routes& routes) {
    for (const auto& [path, handler] :
         std::initializer_list<std::pair<std::string, Answer (*)(const Call&)>>{
             {"/batches/{}/meta", batch_meta},
             {"/batches/{}/failed", batch_failed},
             {"/batches/{}/files", batch_files},
             {"/files/{}", get_file}}) {
        routes.push_back({"GET " + export_path + path, Access::sandbox, handler});
    }
}

}  // namespace bqconn::emulator
