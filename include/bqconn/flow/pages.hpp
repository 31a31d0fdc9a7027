// Reads lists of Flow Service and of the sandbox service: documents with an array, page by page.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "bqconn/core/error.hpp"
#include "bqconn/flow/service.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

using Parameters = std::vector<std::pair<std::string, std::string>>;

// What is read, for the messages.
struct Subject {
    std::string_view words;  // "the list of connections"
    std::string_view code;   // "bad_response.list"
};

// An answer of success that cannot be used. `what` quotes nothing of it.
Error unusable(const http::Response& response, const Subject& subject, const std::string& what);

// GET, and its document. Throws Error: what the service refused, or a `bad_response`.
struct Document {
    json::Json json;
    http::Response response;  // without its body
};
Document read_document(FlowService& service, const Call& call, const Subject& subject);

// A list: where it is and which member of the document holds its items.
struct List {
    std::string path;  // "/connections"
    Parameters parameters;
    Subject subject;
    std::string_view items = "items";
    Api api = Api::flow;
};

// Called with the items of each page; false ends the reading.
using VisitPage = std::function<bool(const json::Json& items, const http::Response& response)>;

// Follows _links.next to the last page: its continuation token goes along with the same other
// parameters. A link that cannot be followed, one that came before, and a hundred empty pages in a
// row are a `bad_response`: a list must not be short, nor without an end.
void read_pages(FlowService& service, const List& list, const VisitPage& visit);

// The integer at `key`, such as a time in milliseconds since 1970; 0 if there is none.
std::int64_t integer_at(const json::Json& object, std::string_view key);

}  // namespace bqconn::flow
