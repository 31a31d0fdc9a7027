#include "bqconn/emulator/bigquery_api.hpp"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <string>
#include <string_view>

#include "bqconn/emulator/bigquery_problem.hpp"
#include "bqconn/emulator/form.hpp"

namespace bqconn::emulator {
namespace {

constexpr std::size_t default_page = 50;

// The number in parameter `name`; `fallback` if it is not given.
std::size_t number_at(const Pairs& query, const std::string& name, std::size_t fallback) {
    const std::string text = parameter(query, name);
    if (text.empty()) {
        return fallback;
    }
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) {
        throw bigquery_problem(400, "INVALID_ARGUMENT", "invalid",
                               "Invalid value for " + name + ": it is no number");
    }
    return number;
}

void check_project(const std::string& project, const GoogleStore& store) {
    if (store.fails(GoogleFailure::api_disabled)) {
        throw bigquery_disabled();
    }
    if (!store.has_project(project) || store.fails(GoogleFailure::no_project)) {
        throw bigquery_problem(404, "NOT_FOUND", "notFound", "Not found: Project " + project);
    }
    if (store.fails(GoogleFailure::no_role)) {
        throw bigquery_problem(
            403, "PERMISSION_DENIED", "accessDenied",
            "Access Denied: Project " + project +
                ": User does not have bigquery.datasets.get permission for project " + project +
                ".");
    }
}

Json dataset_document(const BigQueryDataset& dataset, const std::string& project) {
    return {{"kind", "bigquery#dataset"},
            {"id", project + ":" + dataset.id},
            {"datasetReference", {{"datasetId", dataset.id}, {"projectId", project}}},
            {"location", dataset.location}};
}

Answer list(const Call& call, const GoogleStore& store, const BigQueryProject& bigquery) {
    const std::string& project = call.captures.at(0);
    check_bigquery_token(call.request, store);
    check_project(project, store);
    const auto& all = bigquery.datasets;
    const std::size_t first = std::min(number_at(call.request.query, "pageToken", 0), all.size());
    const std::size_t most = number_at(call.request.query, "maxResults", default_page);
    const std::size_t end = first + std::min(most, all.size() - first);
    Json document = {{"kind", "bigquery#datasetList"}};
    for (std::size_t i = first; i < end; ++i) {
        document["datasets"].push_back(dataset_document(all[i], project));
    }
    if (end < all.size()) {
        document["nextPageToken"] = std::to_string(end);
    }
    return json_answer(200, document);
}

Answer get(const Call& call, const GoogleStore& store, const BigQueryProject& bigquery) {
    const std::string& project = call.captures.at(0);
    const std::string& id = call.captures.at(1);
    check_bigquery_token(call.request, store);
    check_project(project, store);
    const std::string name = project + ":" + id;
    if (store.fails(GoogleFailure::no_dataset_role)) {
        throw bigquery_problem(403, "PERMISSION_DENIED", "accessDenied",
                               "Access Denied: Dataset " + name +
                                   ": Permission bigquery.datasets.get denied on dataset " + name +
                                   " (or it may not exist).");
    }
    const auto found =
        std::find_if(bigquery.datasets.begin(), bigquery.datasets.end(),
                     [&](const BigQueryDataset& dataset) { return dataset.id == id; });
    if (found == bigquery.datasets.end()) {
        throw bigquery_problem(404, "NOT_FOUND", "notFound", "Not found: Dataset " + name);
    }
    Json document = dataset_document(*found, project);
    document["type"] = "DEFAULT";
    return json_answer(200, document);
}

}  // namespace

void add_bigquery_api_routes(Router& router, const GoogleStore& store,
                             const BigQueryProject& bigquery) {
    const std::string datasets = bigquery_api_path + "/projects/{}/datasets";
    router.add({"GET", datasets, Access::open,
                [&](const Call& call) { return list(call, store, bigquery); }});
    router.add({"GET", datasets + "/{}", Access::open,
                [&](const Call& call) { return get(call, store, bigquery); }});
}

}  // namespace bqconn::emulator
