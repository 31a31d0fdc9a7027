// libcurl's handles, with type-checked options, and one request with its response.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "bqconn/core/secret.hpp"
#include "bqconn/http/transport.hpp"
#include "bqconn/http/url.hpp"

namespace bqconn::http {

// Calls curl_global_init() once, after main() has unset SSLKEYLOGFILE, which it reads.
void init_curl();

bool tls_is_openssl();

// True if data can be read or the other end is closed.
bool is_readable(int fd);

class CurlEasy {
  public:
    CurlEasy();
    CURL* get() const { return handle_.get(); }
    void reset() { curl_easy_reset(handle_.get()); }

    // curl_easy_setopt() accepts any type: an int where it reads a long compiles. This checks the
    // type against the option's number, and throws TransportError on failure.
    template <CURLoption option, class Value>
    void set(Value value) {
        constexpr int kind = option / 10'000 * 10'000;
        static_assert(kind != CURLOPTTYPE_LONG || std::is_same_v<Value, long>);
        static_assert(kind != CURLOPTTYPE_OFF_T || std::is_same_v<Value, curl_off_t>);
        static_assert(kind != CURLOPTTYPE_OBJECTPOINT || std::is_pointer_v<Value>);
        static_assert(kind != CURLOPTTYPE_FUNCTIONPOINT ||
                      std::is_function_v<std::remove_pointer_t<Value>>);
        check_set(option, curl_easy_setopt(handle_.get(), option, value));
    }

    // The socket of the last transfer; CURL_SOCKET_BAD once it is closed.
    curl_socket_t socket() const;

    long info(CURLINFO what) const;  // for values of type long; 0 if unknown

  private:
    static void check_set(CURLoption option, CURLcode code);
    std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> handle_;
};

// Owns the one connection kept for the next call.
class CurlMulti {
  public:
    CurlMulti();
    CURLM* get() const { return handle_.get(); }

  private:
    std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> handle_;
};

// Runs the easy handle in the multi handle. The destructor ends the transfer and resets every
// option, so that none dangles.
class CurlRun {
  public:
    CurlRun(CurlMulti& multi, CurlEasy& easy);
    ~CurlRun();
    CurlRun(const CurlRun&) = delete;
    CurlRun& operator=(const CurlRun&) = delete;

    // True if `interrupt_fd` became readable before the transfer ended. Otherwise sets `result`.
    bool wait(int interrupt_fd, CURLcode& result);

  private:
    CurlMulti& multi_;
    CurlEasy& easy_;
};

// The header lines of a request; that of its authorization is in memory that is wiped. libcurl
// reads them without copying.
class HeaderLines {
  public:
    // Throws Error("http.header_invalid") for a name or value that would inject a header.
    explicit HeaderLines(const Request& request);
    HeaderLines(const HeaderLines&) = delete;
    HeaderLines& operator=(const HeaderLines&) = delete;
    curl_slist* list() { return nodes_.data(); }

    // Replaces Request::authorization by the late one. Throws as the constructor does.
    void set_authorization(const Secret& value);

  private:
    std::vector<std::string> lines_;
    Secret authorization_;
    std::vector<curl_slist> nodes_;
};

// Fed by libcurl's callbacks. The arguments of the constructor and of attach() must outlive it.
class Exchange {
  public:
    Exchange(const Request& request, const UrlParts& url, const TransportOptions& options);
    Exchange(const Exchange&) = delete;
    Exchange& operator=(const Exchange&) = delete;

    // Sets the options of this request: method, URL, headers, body, callbacks. The exchange must
    // outlive the transfer.
    void attach(CurlEasy& easy);

    Sent sent() const { return sends_ > 0 ? Sent::maybe : Sent::no; }
    // False if the response ended within its head, which libcurl reports as success.
    bool head_is_complete() const { return head_is_complete_; }
    std::string take_body() { return std::move(body_); }

    // Throws the TransportError for libcurl's result, before the handle is reset. Its message names
    // host and port; never a header, the query, or a proxy's user name or password.
    [[noreturn]] void throw_failure(CURLcode code) const;

  private:
    // Why nothing was written to an established connection.
    enum class Refusal { none, not_loopback, common_name_alone, not_ready };

    static int before_request(void* self, char* address, char*, int, int local_port);
    static curl_socket_t open_socket(void* self, curlsocktype, curl_sockaddr* address);
    static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
    static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);

    Refusal refusal_of(const char* address) const;
    bool has_common_name_alone() const;
    // Waits for Request::late_authorization, then checks that the connection is still established.
    bool is_ready(int local_port);
    bool is_established(int local_port) const;
    bool is_to_proxy() const;
    [[noreturn]] void throw_refused() const;
    [[noreturn]] void throw_proxy_failure(const std::string& what, CURLcode code) const;
    std::string reason_of(CURLcode code) const;

    const Request& request_;
    const UrlParts& url_;
    const TransportOptions& options_;
    HeaderLines headers_;
    std::array<char, CURL_ERROR_SIZE> error_{};
    CurlEasy* easy_ = nullptr;
    std::vector<curl_socket_t> sockets_;  // opened for this request; some may be closed
    int last_port_ = 0;                   // connected to; 0: none
    int sends_ = 0;
    Refusal refusal_ = Refusal::none;
    bool too_large_ = false;
    bool head_is_complete_ = false;
    std::size_t header_bytes_ = 0;
    std::string body_;
};

}  // namespace bqconn::http
