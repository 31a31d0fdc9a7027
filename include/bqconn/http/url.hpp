// URLs: the base of a service, and the encoding of what is put behind it. libcurl's own URL parser
// decides, so that what is checked is what is connected to.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bqconn::http {

// The parts of a URL that a request may go to: https, or http where the host is this machine; no
// user name, no password, no fragment. Every part is printable ASCII.
struct UrlParts {
    std::string scheme;  // "https" or "http"
    std::string host;    // lower case, brackets of IPv6 kept
    int port = 0;        // the scheme's own where the URL has none
    std::string path;    // begins with '/', encoded
    std::string query;   // without '?', encoded; may hold what must not be shown

    std::string host_and_port() const;  // for messages: "localhost:8080"
    std::string without_query() const;  // for logs; without the port that goes without saying
    std::string bare_host() const;      // without brackets
    bool is_plain() const { return scheme == "http"; }
};

// Throws std::invalid_argument with what is wrong ("must begin with https://", "must not hold a
// user name or password", …); the message quotes nothing of `url`.
UrlParts take_apart(std::string_view url);

// The host and base path of a service: https, or http where the host is this machine.
class BaseUrl {
  public:
    // As take_apart(), and a query is refused too.
    static BaseUrl parse(std::string_view text);

    // Without a trailing slash, and without the port that goes without saying.
    const std::string& text() const { return text_; }
    const std::string& host() const { return host_; }  // lower case, brackets of IPv6 kept

    // text() + path. `path` begins with '/' and is encoded already.
    std::string at(std::string_view path) const { return text_ + std::string(path); }

  private:
    BaseUrl(std::string text, std::string host) : text_(std::move(text)), host_(std::move(host)) {}
    std::string text_;
    std::string host_;
};

// True for localhost, 127.0.0.0/8 and [::1] (with or without its brackets).
bool is_loopback_host(std::string_view host);

// RFC 3986: all but unreserved characters as %XX.
std::string percent_encode(std::string_view text);

// None of the escapes is refused; what is no escape stays as it is.
std::string percent_decode(std::string_view text);

// key=value&…, both percent-encoded: a query, or an application/x-www-form-urlencoded body.
std::string encode_pairs(const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace bqconn::http
