#include "bqconn/flow/connections.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>

#include "bqconn/connection/base_connection.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/flow/problem.hpp"
#include "bqconn/flow/wire.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/http_date.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

Error unreadable(const http::Response& response, const std::string& what) {
    Error error(ExitCode::bad_response, "bad_response.list",
                "the list of connections cannot be used (HTTP " + std::to_string(response.status) +
                    "): " + what,
                "check --platform-url (BQCONN_PLATFORM_URL), then run it again");
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

std::int64_t milliseconds_at(const Json& object, std::string_view key) {
    const auto found = object.find(std::string(key));
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

// The token is in the query of a link, percent-encoded once.
std::string token_of(const Json& document) {
    const auto links = document.find("_links");
    if (links == document.end() || !links->is_object()) {
        return {};
    }
    const auto next = links->find("next");
    const std::string href = next == links->end() ? std::string() : json::string_at(*next, "href");
    const std::string query = href.substr(std::min(href.find('?'), href.size()));
    constexpr std::string_view key = "continuationToken=";
    for (std::size_t at = 0; (at = query.find(key, at)) != std::string::npos; at += key.size()) {
        if (at > 0 && (query[at - 1] == '?' || query[at - 1] == '&')) {
            const auto start = at + key.size();
            return http::percent_decode(
                std::string_view(query).substr(start, query.find('&', start) - start));
        }
    }
    return {};
}

std::optional<std::int64_t> milliseconds_of_date(const http::Response& response) {
    // Decides the century in the obsolete forms with two digits, which no service of today sends.
    constexpr std::chrono::sys_days about_now = std::chrono::year(2026) / 1 / 1;
    const auto date = http::parse_http_date(response.header("Date"), about_now);
    if (!date) {
        return std::nullopt;
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(date->time_since_epoch()).count();
}

ListedConnection read_connection(const http::Response& response, const Json& item) {
    ListedConnection connection{json::string_at(item, "id"), json::string_at(item, "etag"),
                                json::string_at(item, "name"), json::string_at(item, "state"),
                                item.is_object() ? milliseconds_at(item, "createdAt") : 0};
    if (!is_connection_id(connection.id)) {
        throw unreadable(response, "an item has no id");
    }
    return connection;
}

}  // namespace

Page read_page(FlowService& service, const Parameters& parameters) {
    const std::string query = parameters.empty() ? "" : "?" + http::encode_pairs(parameters);
    const http::Response response = service.send(http::Method::get, "/connections" + query);
    if (response.status != 200) {
        throw error_of(response);
    }
    Json document;
    try {
        document = json::parse(response.body);
    } catch (const json::ParseError&) {
        throw unreadable(response, "it is " + http::summary_of_body(response));
    }
    const auto items = document.is_object() ? document.find("items") : document.end();
    if (!document.is_object() || items == document.end() || !items->is_array()) {
        throw unreadable(response, "it has no items");
    }
    Page page;
    for (const auto& item : *items) {
        page.connections.push_back(read_connection(response, item));
    }
    page.continuation_token = token_of(document);
    page.answered_at = milliseconds_of_date(response);
    return page;
}

Found find_connections(FlowService& service, const std::optional<std::string>& name) {
    Parameters parameters{
        {"property", "connectionSpec.id==" + std::string(connection::bigquery_spec_id)}};
    // A comma in a value means "or" to the service.
    if (name && name->find(',') == std::string::npos) {
        parameters.emplace_back("property", "name==" + *name);
    }
    Found found;
    std::set<std::string> seen;
    for (std::string token;;) {
        Parameters of_page = parameters;
        if (!token.empty()) {
            of_page.emplace_back("continuationToken", token);
        }
        Page page = read_page(service, of_page);
        if (seen.empty()) {
            found.answered_at = page.answered_at;
        }
        for (auto& connection : page.connections) {
            if (!name || connection.name == *name) {
                found.connections.push_back(std::move(connection));
            }
        }
        token = page.continuation_token;
        if (token.empty()) {
            break;
        }
        if (!seen.insert(token).second) {
            throw Error(ExitCode::bad_response, "bad_response.list",
                        "the service gave the same continuation token twice: the list has no end",
                        "run it again later");
        }
    }
    std::sort(found.connections.begin(), found.connections.end(),
              [](const auto& a, const auto& b) { return a.created_at < b.created_at; });
    return found;
}

}  // namespace bqconn::flow
