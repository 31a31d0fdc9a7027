#include "bqconn/lake/datasets.hpp"

#include <algorithm>

#include "bqconn/flow/problem.hpp"
#include "bqconn/flow/wire.hpp"

namespace bqconn::lake {
namespace {

using json::Json;

constexpr flow::Subject of_datasets{"the list of datasets", "bad_response.datasets"};
constexpr std::size_t datasets_per_page = 100;

Dataset dataset_of(const std::string& id, const Json& item, const flow::Document& document) {
    if (!flow::is_connection_id(id)) {
        throw document.unusable("a dataset has no id");
    }
    return {.id = id,
            .name = json::string_at(item, "name"),
            .schema_id = json::string_at(json::member(item, "schemaRef"), "id")};
}

// Catalog reads * as a wildcard; ** is the character.
std::string pattern_of(const std::string& name) {
    std::string pattern;
    for (const char c : name) {
        pattern += c == '*' ? "**" : std::string(1, c);
    }
    return pattern;
}

}  // namespace

// Pages have no links: `start` is an offset, and the last page is a short one.
std::vector<Dataset> find_datasets(flow::FlowService& service,
                                   const std::optional<std::string>& name, flow::Pages pages) {
    std::vector<Dataset> found;
    std::size_t start = 0;
    for (bool more = true; more;) {
        http::Pairs parameters{{"properties", "name,schemaRef"},
                               {"limit", std::to_string(datasets_per_page)},
                               {"start", std::to_string(start)}};
        // A comma means "or", so such a name is compared only here.
        if (name && name->find(',') == std::string::npos) {
            parameters.emplace_back("property", "name==" + pattern_of(*name));
        }
        const flow::Document page = flow::read_document(
            service,
            {.path = "/dataSets?" + http::encode_pairs(parameters), .api = flow::Api::catalog},
            of_datasets);
        if (!page.json.is_object()) {
            throw page.unusable("it is not an object");
        }
        bool is_new = false;
        for (const auto& [id, item] : page.json.items()) {
            Dataset one = dataset_of(id, item, page);
            const bool known =
                std::any_of(found.begin(), found.end(),
                            [&one](const Dataset& other) { return other.id == one.id; });
            is_new = is_new || !known;
            if (!known && (!name || one.name == *name)) {
                found.push_back(std::move(one));
            }
        }
        start += page.json.size();
        more = pages == flow::Pages::all && is_new && page.json.size() >= datasets_per_page;
    }
    return found;
}

std::optional<Dataset> read_dataset(flow::FlowService& service, const std::string& id) {
    const flow::Call call{.path = "/dataSets/" + http::percent_encode(id),
                          .api = flow::Api::catalog};
    flow::Document document{{"the dataset", "bad_response.datasets"}, {}};
    try {
        document = flow::read_document(service, call, document.subject);
    } catch (const Error& error) {
        if (error.exit_code() == ExitCode::not_found) {
            return std::nullopt;
        }
        throw;
    }
    const Json& item = json::member(document.json, id);
    // An unknown id may also be answered with 200 and the status in the body.
    if (item.is_null() && json::integer_at(document.json, "status") == 404) {
        return std::nullopt;
    }
    if (!item.is_object()) {
        throw document.unusable("it does not describe the dataset requested");
    }
    return dataset_of(id, item, document);
}

bool is_dataset_id(std::string_view text) {
    constexpr std::size_t digits = 24;
    return text.size() == digits &&
           text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

}  // namespace bqconn::lake
