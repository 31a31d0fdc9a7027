// Reads paged lists of Flow Service and of the sandbox service.
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

// Names the document in messages.
struct Subject {
    std::string_view words;  // "the list of connections"
    std::string_view code;   // "bad_response.list"
};

// The error for a success response with an invalid body. `what` must not quote it.
Error unusable(const http::Response& response, const Subject& subject, const std::string& what);

// GETs a document. Throws Error: the service's refusal, or a `bad_response`.
struct Document {
    json::Json json;
    http::Response response;  // without its body
};
Document read_document(FlowService& service, const Call& call, const Subject& subject);

// A list: its path and the member of the document that holds its items.
struct List {
    std::string path;  // "/connections"
    Parameters parameters;
    Subject subject;
    std::string_view items = "items";
    Api api = Api::flow;
};

// Called with the items of each page; return false to stop.
using VisitPage = std::function<bool(const json::Json& items, const http::Response& response)>;

// Follows _links.next to the last page, sending its continuation token with the same parameters. An
// invalid or repeated link, or a hundred empty pages in a row, is a `bad_response`: a list must be
// neither truncated nor endless.
void read_pages(FlowService& service, const List& list, const VisitPage& visit);

// The integer at `key`, such as a time in milliseconds since 1970; 0 if missing.
std::int64_t integer_at(const json::Json& object, std::string_view key);

}  // namespace bqconn::flow
