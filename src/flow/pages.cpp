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

// The link to the next page; empty on the last one.
std::string next_link(const Json& document) {
    const auto links = document.find("_links");
    if (links == document.end() || !links->is_object()) {
        return {};
    }
    const auto next = links->find("next");
    if (next == links->end()) {
        return {};
    }
    return next->is_string() ? next->get<std::string>() : json::string_at(*next, "href");
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

Error unusable(const http::Response& response, const Subject& subject, const std::string& what) {
    Error error(ExitCode::bad_response, std::string(subject.code),
                std::string(subject.words) + " is invalid (HTTP " +
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
    constexpr int most_empty_pages = 100;
    int empty_pages = 0;
    std::set<std::string> seen;
    for (std::string token;;) {
        Parameters parameters = list.parameters;
        if (!token.empty()) {
            parameters.emplace_back("continuationToken", token);
        }
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
        const std::string link = next_link(page.json);
        if (link.empty()) {
            return;
        }
        token = token_of(link);
        empty_pages = items->empty() ? empty_pages + 1 : 0;
        if (token.empty() || empty_pages > most_empty_pages) {
            throw unusable(
                page.response, list.subject,
                token.empty() ? "its next-page link is invalid" : "too many empty pages in a row");
        }
        if (!seen.insert(token).second) {
            throw unusable(page.response, list.subject,
                           "its next-page link repeats an earlier one");
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
