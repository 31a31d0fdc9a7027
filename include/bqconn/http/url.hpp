// Parses and encodes URLs. Uses libcurl's URL parser, so that the URL checked is the URL used.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bqconn::http {

// The parts of a URL that may be requested: https, or http for this machine; no user name, password
// or fragment. Every part is printable ASCII.
struct UrlParts {
    std::string scheme;  // "https" or "http"
    std::string host;    // lower case, brackets of IPv6 kept
    int port = 0;        // the scheme's default if the URL has none
    std::string path;    // begins with '/', encoded
    std::string query;   // without '?', encoded; may contain secrets

    std::string host_and_port() const;  // for messages: "localhost:8080"
    std::string without_query() const;  // for logs; without the default port
    std::string bare_host() const;      // without brackets
    bool is_plain() const { return scheme == "http"; }
};

// Throws std::invalid_argument with what is wrong ("must begin with https://", "must not contain a
// user name or password", …); the message never quotes `url`.
UrlParts parse_url(std::string_view url);

// The URL of a service without a trailing slash or the default port. Like parse_url(), but also
// rejects a query and the path segments . and ...
std::string parse_base_url(std::string_view text);

// True for localhost, 127.0.0.0/8 and [::1] (with or without its brackets).
bool is_loopback_host(std::string_view host);

// True for a URL of such a host; false for any other text.
bool is_loopback_url(std::string_view url);

// RFC 3986: encodes all but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

// Decodes every valid escape; anything else stays unchanged.
std::string percent_decode(std::string_view text);

using Pairs = std::vector<std::pair<std::string, std::string>>;

// key=value&…, both percent-encoded: a query, or an application/x-www-form-urlencoded body.
std::string encode_pairs(const Pairs& pairs);

}  // namespace bqconn::http
