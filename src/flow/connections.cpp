#include "bqconn/flow/connections.hpp"

#include <algorithm>
#include <chrono>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/flow/pages.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

constexpr Subject of_list{"the list of connections", "bad_response.list"};
constexpr Subject of_one{"the connection", "bad_response.connection"};
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

const Json& member(const Json& object, const char* key) {
    static const Json none;
    if (!object.is_object()) {
        return none;
    }
    const auto found = object.find(key);
    return found == object.end() ? none : *found;
}

std::optional<std::string> text_at(const Json& object, const char* key) {
    const Json& found = member(object, key);
    return found.is_string() ? std::optional(found.get<std::string>()) : std::nullopt;
}

Connection connection_of(const Json& item, const http::Response& response, const Subject& subject) {
    Connection one;
    one.id = json::string_at(item, "id");
    if (!is_connection_id(one.id)) {
        throw unusable(response, subject, "an item has no id");
    }
    one.etag = json::string_at(item, "etag");
    if (!one.etag.empty() && !is_etag(one.etag)) {
        throw unusable(response, subject, "an item has an invalid etag");
    }
    one.name = json::string_at(item, "name");
    one.description = json::string_at(item, "description");
    one.state = json::string_at(item, "state");
    one.version = json::string_at(item, "version");
    one.created_by = json::string_at(item, "createdBy");
    one.updated_by = json::string_at(item, "updatedBy");
    one.created_at = integer_at(item, "createdAt");
    one.updated_at = integer_at(item, "updatedAt");
    const Json& spec = member(item, "connectionSpec");
    one.spec_id = json::string_at(spec, "id");
    one.spec_version = json::string_at(spec, "version");
    const Json& auth = member(item, "auth");
    one.auth_spec = json::string_at(auth, "specName");
    const Json& parameters = member(auth, "params");
    if (parameters.is_object()) {
        for (const auto& [name, value] : parameters.items()) {
            one.auth_parameters.push_back(name);
        }
    }
    one.large_results_dataset = text_at(parameters, "largeResultsDataSetId");
    one.dataset = text_at(parameters, "datasetId");
    return one;
}

Parameters parameters_of(const ConnectionQuery& query) {
    Parameters parameters;
    if (!query.all_sources) {
        parameters.emplace_back("property",
                                "connectionSpec.id==" + std::string(connection::bigquery_spec_id));
    }
    // The service reads a comma in a value as "or"; comparison signs may be special too.
    const auto filter = [&parameters](const std::string& property,
                                      const std::optional<std::string>& value) {
        if (value && value->find_first_of(",=~!<>") == std::string::npos) {
            parameters.emplace_back("property", property + "==" + *value);
        }
    };
    filter("name", query.name);
    filter("state", query.state);
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

}  // namespace

std::optional<std::int64_t> visit_connections(FlowService& service, const ConnectionQuery& query,
                                              const VisitConnections& visit) {
    std::optional<std::int64_t> answered_at;
    bool first = true;
    read_pages(service, {"/connections", parameters_of(query), of_list},
               [&](const Json& items, const http::Response& response) {
                   if (first) {
                       answered_at = milliseconds_of_date(response);
                       first = false;
                   }
                   std::vector<Connection> connections;
                   for (const auto& item : items) {
                       Connection one = connection_of(item, response, of_list);
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
    const Call call{.method = http::Method::get, .path = "/connections/" + id};
    const Document document = read_document(service, call, of_one);
    const Json& items = member(document.json, "items");
    if (items.is_array() && items.empty()) {
        throw Error(ExitCode::not_found, code::connection_not_found, "no connection with that id",
                    "check the id, and that --sandbox-name is the connection's sandbox");
    }
    const Json& item = items.is_array() && items.size() == 1 ? items.front() : document.json;
    Connection one = connection_of(item, document.response, of_one);
    if (one.id != id) {
        throw unusable(document.response, of_one, "its id is different");
    }
    return one;
}

bool test_connection(FlowService& service, const std::string& id) {
    const Call call{.method = http::Method::get, .path = "/connections/" + id + "/test"};
    const Document document = read_document(service, call, of_test);
    const Json& result = member(document.json, "result");
    if (!result.is_boolean()) {
        throw unusable(document.response, of_test, "it has no result");
    }
    return result.get<bool>();
}

}  // namespace bqconn::flow
