#include "bqconn/flow/connections.hpp"

#include <algorithm>
#include <chrono>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

constexpr Subject of_list{"the list of connections", "bad_response.list"};
constexpr Subject of_one{"the connection", "bad_response.connection"};
constexpr Subject of_sources{"the list of source connections", "bad_response.dependants"};
constexpr Subject of_flows{"the list of dataflows", "bad_response.dependants"};
constexpr Subject of_test{"the result of the connection test", "bad_response.test"};

std::optional<std::int64_t> milliseconds_of_date(const http::Response& response) {
    // Only for the century of obsolete two-digit years, which services no longer send.
    constexpr std::chrono::sys_days about_now = std::chrono::year(2026) / 1 / 1;
    const auto date = http::parse_http_date(response.header("Date"), about_now);
    if (!date) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(date->time_since_epoch()).count();
}

std::optional<std::string> text_at(const Json& object, const char* key) {
    const Json& found = json::member(object, key);
    return found.is_string() ? std::optional(found.get<std::string>()) : std::nullopt;
}

Connection connection_of(const Json& item, const Document& document) {
    Connection one;
    one.id = json::string_at(item, "id");
    if (!is_connection_id(one.id)) {
        throw document.unusable("an item has no id");
    }
    one.etag = json::string_at(item, "etag");
    if (!one.etag.empty() && !is_etag(one.etag)) {
        throw document.unusable("an item has an invalid etag");
    }
    one.name = json::string_at(item, "name");
    one.description = json::string_at(item, "description");
    one.state = json::string_at(item, "state");
    one.version = json::string_at(item, "version");
    one.created_by = json::string_at(item, "createdBy");
    one.updated_by = json::string_at(item, "updatedBy");
    one.created_at = json::integer_at(item, "createdAt").value_or(0);
    one.updated_at = json::integer_at(item, "updatedAt").value_or(0);
    const Json& spec = json::member(item, "connectionSpec");
    one.spec_id = json::string_at(spec, "id");
    one.spec_version = json::string_at(spec, "version");
    const Json& auth = json::member(item, "auth");
    one.auth_spec = json::string_at(auth, "specName");
    const Json& parameters = json::member(auth, "params");
    if (parameters.is_object()) {
        for (const auto& [name, value] : parameters.items()) {
            one.auth_parameters.push_back(name);
        }
    }
    one.project = text_at(parameters, "project");
    if (!one.project) {
        one.project = text_at(parameters, "projectId");
    }
    one.large_results_dataset = text_at(parameters, "largeResultsDataSetId");
    one.dataset = text_at(parameters, "datasetId");
    return one;
}

http::Pairs parameters_of(const ConnectionQuery& query) {
    Filters filters;
    if (!query.all_sources) {
        filters.add("connectionSpec.id", std::string(connection::bigquery_spec_id));
    }
    filters.add("name", query.name);
    filters.add("state", query.state);
    http::Pairs parameters = filters.parameters();
    if (!query.order_by.empty()) {
        parameters.emplace_back("orderby", query.order_by);
    }
    if (query.page_size > 0) {
        parameters.emplace_back("limit", std::to_string(query.page_size));
    }
    return parameters;
}

bool matches(const ConnectionQuery& query, const Connection& one) {
    return (!query.name || one.name == *query.name) &&
           (!query.state || one.state == *query.state) &&
           (query.all_sources || one.spec_id.empty() ||
            one.spec_id == connection::bigquery_spec_id);
}

// Limits the length of the URL.
constexpr std::size_t ids_at_once = 40;

void read_dependants(FlowService& service, const List& list, std::vector<Dependant>& found) {
    read_pages(service, list, [&](const Json& items, const Document& page) {
        for (const auto& item : items) {
            Dependant one{json::string_at(item, "id"), json::string_at(item, "name"),
                          json::string_at(item, "state")};
            if (!is_connection_id(one.id)) {
                throw page.unusable("an item has no id");
            }
            // A dataflow of two source connections may be in the results of two requests.
            if (std::none_of(found.begin(), found.end(),
                             [&one](const Dependant& other) { return other.id == one.id; })) {
                found.push_back(std::move(one));
            }
        }
        return true;
    });
}

}  // namespace

std::optional<std::int64_t> visit_connections(FlowService& service, const ConnectionQuery& query,
                                              const VisitConnections& visit) {
    std::optional<std::int64_t> answered_at;
    bool first = true;
    read_pages(service, {"/connections", parameters_of(query), of_list},
               [&](const Json& items, const Document& page) {
                   if (first) {
                       answered_at = milliseconds_of_date(page.response);
                       first = false;
                   }
                   std::vector<Connection> connections;
                   for (const auto& item : items) {
                       Connection one = connection_of(item, page);
                       if (matches(query, one)) {
                           connections.push_back(std::move(one));
                       }
                   }
                   return visit(connections);
               });
    return answered_at;
}

Found find_connections(FlowService& service, const std::optional<std::string>& name) {
    Found found;
    const ConnectionQuery query{.name = name};
    found.answered_at = visit_connections(service, query, [&found](auto& page) {
        std::move(page.begin(), page.end(), std::back_inserter(found.connections));
        return true;
    });
    std::stable_sort(found.connections.begin(), found.connections.end(),
                     [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    return found;
}

Connection read_connection(FlowService& service, const std::string& id) {
    const Document document = read_document(service, {.path = "/connections/" + id}, of_one);
    Connection one = connection_of(item_of(document), document);
    if (one.id != id) {
        throw document.unusable("its id is not the one requested");
    }
    return one;
}

bool test_connection(FlowService& service, const std::string& id) {
    const Document document =
        read_document(service, {.path = "/connections/" + id + "/test"}, of_test);
    const Json& result = json::member(document.json, "result");
    if (!result.is_boolean()) {
        throw document.unusable("it has no result");
    }
    return result.get<bool>();
}

Dependants find_dependants(FlowService& service, const std::string& id) {
    Dependants dependants;
    read_dependants(service,
                    {"/sourceConnections", {{"property", "baseConnectionId==" + id}}, of_sources},
                    dependants.source_connections);
    const auto& sources = dependants.source_connections;
    for (std::size_t start = 0; start < sources.size(); start += ids_at_once) {
        std::string ids;
        for (std::size_t i = start; i < std::min(start + ids_at_once, sources.size()); ++i) {
            ids += (ids.empty() ? "" : ",") + sources[i].id;
        }
        read_dependants(service,
                        {"/flows", {{"property", "sourceConnectionIds[]==" + ids}}, of_flows},
                        dependants.dataflows);
    }
    return dependants;
}

}  // namespace bqconn::flow
