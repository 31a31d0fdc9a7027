// Calls to Adobe's platform: their headers and access token, JSON documents and paged lists.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "bqconn/auth/access_token.hpp"
#include "bqconn/connection/access.hpp"
#include "bqconn/core/error.hpp"
#include "bqconn/core/secret.hpp"
#include "bqconn/http/connect_ahead.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/json/parse.hpp"

namespace bqconn::flow {

// The services of the platform that bqconn calls.
enum class Api { flow, sandboxes, catalog, schemas, mappings, exports };

// The parts of a call that differ between calls.
struct Call {
    http::Method method = http::Method::get;
    std::string path;           // after that of the service; encoded
    Secret body = {};           // JSON; empty: none
    std::string if_match = {};  // an etag with its quotes; empty: the header is not sent
    Api api = Api::flow;
    std::string_view accept = {};  // the media type wanted; empty: the service's usual one
    bool asks_only = false;        // a POST that changes nothing: retried like a GET
};

// The request of a call, without its access token.
http::Request make_request(const connection::Access& access, const Call& call);

// The Error for a non-success response to the call.
Error error_of(const Call& call, const http::Response& response);

class FlowService {
  public:
    // With `ahead`, which sends over `transport`, a call connects while its token is fetched;
    // without it, the token comes first. All that is passed by reference must outlive the service.
    FlowService(http::Transport& transport, connection::Access access, auth::TokenSource& tokens,
                http::ConnectAhead* ahead = nullptr)
        : transport_(transport), access_(std::move(access)), tokens_(tokens), ahead_(ahead) {}

    const connection::Access& access() const { return access_; }

    // Sends once. A 401 means the call was not applied, so it is repeated once if the token can be
    // replaced. Throws TransportError; Error if there is no token.
    http::Response send(const Call& call);

    // The change just sent was applied, and its response can be trusted: the next one may use the
    // same connection.
    void confirm_change() { confirmed_ = true; }

  private:
    http::Transport& transport_;
    connection::Access access_;
    auth::TokenSource& tokens_;
    http::ConnectAhead* ahead_;
    bool confirmed_ = false;
};

// Names a document in messages.
struct Subject {
    std::string_view words;  // "the list of connections"
    std::string_view code;   // "bad_response.list"
};

struct Document {
    Subject subject;
    http::Response response;  // without its body
    json::Json json = {};

    // The error for a success response with an invalid body. `what` must not quote it.
    Error unusable(const std::string& what) const;
};

// The response to a call that changes nothing. Throws Error: the service's refusal.
http::Response read_response(FlowService& service, const Call& call);

// GETs a document. Throws Error: the service's refusal, or a `bad_response`.
Document read_document(FlowService& service, const Call& call, const Subject& subject);

// The item of a document about one resource, which contains it bare or as a list of one. Throws
// Error: `not_found` if the list is empty.
const json::Json& item_of(const Document& document);

// The filters of a list: property=NAME==VALUE.
class Filters {
  public:
    // Leaves out a missing value, and one with a character that the service may read as an
    // operator or as "or": the caller compares again.
    void add(const std::string& property, const std::optional<std::string>& value);
    void add_raw(std::string condition);  // "createdAt>5"

    // With a limit unless `page_size` is 0.
    http::Pairs parameters(int page_size = 0) const;

  private:
    http::Pairs pairs_;
};

struct List {
    std::string path;  // "/connections"
    http::Pairs parameters;
    Subject subject;
};

enum class Pages { all, first };

// Called with the items of each page; return false to stop.
using VisitPage = std::function<bool(const json::Json& items, const Document& page)>;

// Follows _links.next to the last page, sending its continuation token with the same parameters. An
// invalid or repeated link, or a hundred empty pages in a row, is a `bad_response`: a list must be
// neither truncated nor endless.
void read_pages(FlowService& service, const List& list, const VisitPage& visit);

}  // namespace bqconn::flow
