#include "bqconn/flow/service.hpp"

#include <array>
#include <set>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/flow/problem.hpp"
#include "bqconn/http/answer.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

// What the requests to a service have in common, in the order of Api.
struct Service {
    std::string_view path;
    std::string_view accept;
    bool in_sandbox;  // needs x-sandbox-name
    // Permissions of the credential's role, as Experience Platform names them; empty: undocumented.
    std::string_view to_read = {};
    std::string_view to_change = {};
};

constexpr auto services = std::to_array<Service>({
    {"/data/foundation/flowservice", "application/json", true, "View Sources or Manage Sources",
     "Manage Sources"},
    {"/data/foundation/sandbox-management", "application/json", false},
    {"/data/foundation/catalog", "application/json", true, "View Datasets"},
    {"/data/foundation/schemaregistry", "application/vnd.adobe.xed-id+json", true, "View Schemas"},
    {"/data/foundation/conversion", "application/json", true},
    {"/data/foundation/export", "application/json", true},
});

const Service& service_of(const Call& call) {
    return services.at(static_cast<std::size_t>(call.api));
}

bool only_reads(const Call& call) {
    return call.method == http::Method::get || call.asks_only;
}

// While a token is fetched, the call itself has not been sent (or got a 401), so nothing was
// changed, whatever the outcome of the token request.
template <typename Get>
auto as_not_sent(const Get& get) {
    try {
        return get();
    } catch (const http::TransportError& error) {
        throw http::TransportError(http::Sent::no, error.exit_code(), error.code(),
                                   "cannot fetch an access token: " + error.message(),
                                   error.sent() == http::Sent::no
                                       ? error.hint()
                                       : "nothing was changed: run the command again");
    }
}

// The link to the next page; empty on the last one.
std::string next_link(const Json& document) {
    const Json& next = json::member(json::member(document, "_links"), "next");
    return next.is_string() ? next.get<std::string>() : json::string_at(next, "href");
}

// The continuation token in a link's query, percent-decoded once; empty if there is none.
std::string token_of(const std::string& link) {
    constexpr std::string_view key = "continuationToken=";
    const auto question = link.find('?');
    if (question == std::string::npos) {
        return {};
    }
    const std::string query = link.substr(question + 1, link.find('#') - question - 1);
    for (const auto& pair : split(query, '&')) {
        if (pair.starts_with(key)) {
            return http::percent_decode(std::string_view(pair).substr(key.size()));
        }
    }
    return {};
}

}  // namespace

http::Request make_request(const connection::Access& access, const Call& call) {
    const Service& service = service_of(call);
    http::Request request;
    request.method = call.method;
    request.retry = only_reads(call) ? http::Retry::read : http::Retry::create;
    request.url = access.platform_url + std::string(service.path) + call.path;
    request.headers = {{"x-api-key", access.api_key}, {"x-gw-ims-org-id", access.org_id}};
    if (service.in_sandbox) {
        request.headers.push_back({"x-sandbox-name", access.sandbox_name});
    }
    request.headers.push_back(
        {"Accept", std::string(call.accept.empty() ? service.accept : call.accept)});
    if (!call.if_match.empty()) {
        request.headers.push_back({"If-Match", call.if_match});
    }
    if (!call.body.empty()) {
        request.headers.push_back({"Content-Type", "application/json"});
        request.body = call.body;
    }
    return request;
}

Error error_of(const Call& call, const http::Response& response) {
    const Service& service = service_of(call);
    return error_of(response, only_reads(call) ? service.to_read : service.to_change);
}

http::Response FlowService::send(const Call& call) {
    constexpr int unauthorized = 401;
    http::Request request = make_request(access_, call);
    if (call.method != http::Method::get && !call.asks_only) {
        request.in_series = std::exchange(confirmed_, false);
    }
    Secret token;
    const auto authorize = [&] {
        token = as_not_sent([this] { return tokens_.obtain().token; });
        return http::bearer(token);
    };
    http::Response response;
    if (ahead_ != nullptr && !tokens_.is_ready()) {
        response = ahead_->send(request, authorize);
    } else {
        request.authorization = authorize();
        response = transport_.send(request);
    }
    if (response.status != unauthorized) {
        return response;
    }
    const auto other = as_not_sent([&] { return tokens_.replace(token); });
    if (!other) {
        return response;
    }
    request.authorization = http::bearer(*other);
    return transport_.send(request);
}

Error Document::unusable(const std::string& what) const {
    return http::error_of_response(
        response, ExitCode::bad_response, std::string(subject.code),
        std::string(subject.words) + " is invalid " + http::status_note(response) + ": " + what,
        "check --platform-url (BQCONN_PLATFORM_URL), then run the command again");
}

http::Response read_response(FlowService& service, const Call& call) {
    http::Response response = service.send(call);
    if (response.status != 200) {
        throw error_of(call, response);
    }
    return response;
}

Document read_document(FlowService& service, const Call& call, const Subject& subject) {
    Document document{subject, read_response(service, call)};
    try {
        document.json = json::parse(document.response.body);
    } catch (const json::ParseError&) {
        throw document.unusable("it is " + http::summary_of_body(document.response));
    }
    document.response.body.clear();
    return document;
}

const Json& item_of(const Document& document) {
    const Json& items = json::member(document.json, "items");
    if (items.is_array() && items.empty()) {
        throw Error(ExitCode::not_found, code::connection_not_found,
                    std::string(document.subject.words) + " does not exist",
                    "check the id, and that --sandbox-name is its sandbox");
    }
    return items.is_array() && items.size() == 1 ? items.front() : document.json;
}

void Filters::add(const std::string& property, const std::optional<std::string>& value) {
    if (value && value->find_first_of(",=~!<>") == std::string::npos) {
        add_raw(property + "==" + *value);
    }
}

void Filters::add_raw(std::string condition) {
    pairs_.emplace_back("property", std::move(condition));
}

http::Pairs Filters::parameters(int page_size) const {
    http::Pairs parameters = pairs_;
    if (page_size > 0) {
        parameters.emplace_back("limit", std::to_string(page_size));
    }
    return parameters;
}

void read_pages(FlowService& service, const List& list, const VisitPage& visit) {
    constexpr int most_empty_pages = 100;
    int empty_pages = 0;
    std::set<std::string> seen;
    for (std::string token;;) {
        http::Pairs parameters = list.parameters;
        if (!token.empty()) {
            parameters.emplace_back("continuationToken", token);
        }
        const std::string query = parameters.empty() ? "" : "?" + http::encode_pairs(parameters);
        const Document page = read_document(service, {.path = list.path + query}, list.subject);
        const Json& items = json::member(page.json, "items");
        if (!items.is_array()) {
            throw page.unusable("it has no items");
        }
        const std::string link = next_link(page.json);
        if (!visit(items, page) || link.empty()) {
            return;
        }
        token = token_of(link);
        empty_pages = items.empty() ? empty_pages + 1 : 0;
        if (token.empty()) {
            throw page.unusable("its next-page link is invalid");
        }
        if (empty_pages > most_empty_pages) {
            throw page.unusable("too many empty pages in a row");
        }
        if (!seen.insert(token).second) {
            throw page.unusable("its next-page link repeats an earlier one");
        }
    }
}

}  // namespace bqconn::flow
