#include "bqconn/flow/pages.hpp"

#include <algorithm>
#include <set>

#include "bqconn/core/text.hpp"
#include "bqconn/flow/problem.hpp"
#include "bqconn/http/answer.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::flow {
namespace {

using json::Json;

// The parameters in the query of the link to the next page, percent-decoded once; none on the last
// page. A template ("{?limit}") is no link.
Parameters next_parameters(const Json& document) {
    const auto links = document.find("_links");
    if (links == document.end() || !links->is_object()) {
        return {};
    }
    const auto next = links->find("next");
    const std::string href = next == links->end() ? std::string() : json::string_at(*next, "href");
    const auto question = href.find('?');
    Parameters parameters;
    if (question == std::string::npos || href.find('{') != std::string::npos) {
        return parameters;
    }
    const std::string query = href.substr(question + 1, href.find('#') - question - 1);
    for (const auto& pair : split(query, '&')) {
        const auto equals = std::min(pair.find('='), pair.size());
        const std::string value = pair.substr(std::min(equals + 1, pair.size()));
        if (equals > 0) {
            parameters.emplace_back(http::percent_decode(pair.substr(0, equals)),
                                    http::percent_decode(value));
        }
    }
    return parameters;
}

// What tells one page from another.
bool is_position(std::string_view name) {
    return name == "continuationToken" || name == "offset" || name == "start" || name == "page";
}

}  // namespace

Error unusable(const http::Response& response, const Subject& subject, const std::string& what) {
    Error error(ExitCode::bad_response, std::string(subject.code),
                std::string(subject.words) + " cannot be used (HTTP " +
                    std::to_string(response.status) + "): " + what,
                "check --platform-url (BQCONN_PLATFORM_URL), then run it again");
    error.set_answer(response.status, http::request_id_of(response));
    return error;
}

Document read_document(FlowService& service, const Call& call, const Subject& subject) {
    Document document{{}, service.send(call)};
    if (document.response.status != 200) {
        throw error_of(document.response);
    }
    try {
        document.json = json::parse(document.response.body);
    } catch (const json::ParseError&) {
        throw unusable(document.response, subject,
                       "it is " + http::summary_of_body(document.response));
    }
    document.response.body.clear();
    return document;
}

void read_pages(FlowService& service, const List& list, const VisitPage& visit) {
    std::set<Parameters> seen;
    for (Parameters position;;) {
        Parameters parameters = list.parameters;
        parameters.insert(parameters.end(), position.begin(), position.end());
        const std::string query = parameters.empty() ? "" : "?" + http::encode_pairs(parameters);
        const Call call{.method = http::Method::get, .path = list.path + query, .api = list.api};
        const Document page = read_document(service, call, list.subject);
        const auto items = page.json.is_object() ? page.json.find(list.items) : page.json.end();
        if (!page.json.is_object() || items == page.json.end() || !items->is_array()) {
            throw unusable(page.response, list.subject, "it has no " + std::string(list.items));
        }
        if (!visit(*items, page.response)) {
            return;
        }
        position.clear();
        for (auto& parameter : next_parameters(page.json)) {
            if (is_position(parameter.first)) {
                position.push_back(std::move(parameter));
            }
        }
        if (position.empty()) {
            return;
        }
        if (!seen.insert(position).second) {
            throw unusable(page.response, list.subject,
                           "the link to its next page came before: the list has no end");
        }
    }
}

std::int64_t integer_at(const Json& object, std::string_view key) {
    const auto found = object.is_object() ? object.find(std::string(key)) : object.end();
    return object.is_object() && found != object.end() && found->is_number_integer()
               ? found->get<std::int64_t>()
               : 0;
}

}  // namespace bqconn::flow
