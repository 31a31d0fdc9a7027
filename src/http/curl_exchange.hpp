// One request and its response, fed by libcurl's callbacks.
#pragma once

#include <curl/curl.h>

#include <array>
#include <string>
#include <vector>

#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/http/url.hpp"
#include "curl_handle.hpp"

namespace bqconn::http {

// The header lines of a request, in memory that is wiped. libcurl reads them without copying.
class HeaderLines {
  public:
    // Throws Error("http.header_invalid") for a name or value that would inject a header.
    explicit HeaderLines(const Request& request);
    HeaderLines(const HeaderLines&) = delete;
    HeaderLines& operator=(const HeaderLines&) = delete;
    curl_slist* list() { return nodes_.data(); }

    // Adds the value of Request::late. Throws as the constructor does.
    void add_late(const RequestHeader& header);

  private:
    std::vector<Secret> lines_;
    std::vector<curl_slist> nodes_;
};

class Exchange {
  public:
    // Why nothing was written to an established connection.
    enum class Refusal { none, not_loopback, common_name_alone, not_ready };

    Exchange(const Request& request, const UrlParts& url, const TransportOptions& options);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Sets the options of this request: method, URL, headers, body, callbacks. The exchange must
    // outlive the transfer.
    void attach(CurlEasy& easy);

    bool may_have_left() const { return sends_ > 0; }
    bool second_copy_stopped() const { return sends_ > 1; }
    Refusal refusal() const { return refusal_; }
    bool too_large() const { return too_large_; }
    // False if the response ended within its head, which libcurl reports as success.
    bool head_is_complete() const { return head_is_complete_; }
    std::string error_text() const { return error_.data(); }
    std::string take_body() { return std::move(body_); }

  private:
    static int before_request(void* self, char* address, char*, int, int local_port);
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);

    Refusal refusal_of(const char* address) const;
    // Waits for Request::late, then checks that the connection is still established.
    bool is_ready(int local_port);
    bool is_established(int local_port) const;

    const Request& request_;
    const TransportOptions& options_;
    bool loopback_only_;
    HeaderLines headers_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    CURL* easy_ = nullptr;
    std::vector<curl_socket_t> sockets_;  // opened for this request; some may be closed
    int sends_ = 0;
    Refusal refusal_ = Refusal::none;
    bool too_large_ = false;
    bool head_is_complete_ = false;
    std::size_t header_bytes_ = 0;
    std::string body_;
};

}  // namespace bqconn::http
