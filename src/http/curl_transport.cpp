#include "bqconn/http/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/url.hpp"
#include "curl_exchange.hpp"
#include "curl_failure.hpp"
#include "curl_handle.hpp"
#include "curl_security.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A connection idle for longer than this is not reused: it may be closing. The shortest keep-alive
// of common servers is 5 s.
constexpr long longest_idle_s = 2;

constexpr milliseconds longest_call = std::chrono::hours(24);

// libcurl takes 0 as "never" and stores only 32 bits.
long timeout_of(milliseconds limit) {
    return static_cast<long>(std::clamp(limit, milliseconds(1), longest_call).count());
}

UrlParts checked_url(const Request& request) {
    try {
        return parse_url(request.url);
    } catch (const std::invalid_argument& error) {
        throw Error(ExitCode::usage, "http.url_invalid",
                    std::string("the request URL ") + error.what() + "; nothing was sent");
    }
}

// libcurl checks the length, but ignores one that overflows.
bool has_wrong_length(const Response& response) {
    if (response.status == 204 || response.status == 304 ||
        !response.header("transfer-encoding").empty()) {
        return false;
    }
    for (const auto& header : response.headers) {
        const std::string_view digits = header.value;
        std::size_t length = 0;
        if (to_lower_ascii(header.name) == "content-length" &&
            (std::from_chars(digits.begin(), digits.end(), length).ec != std::errc() ||
             length != response.body.size())) {
            return true;
        }
    }
    return false;
}

}  // namespace

class CurlTransport::Session {
  public:
    explicit Session(TransportOptions options)
        : options_(std::move(options)), roots_(options_.ca_file) {}
    Response send(const Request& request);

  private:
    void set_limits(milliseconds limit);
    void set_connection(const Request& request);
    void check_roots(const UrlParts& url) const;
    Response send_once(const Request& request, const UrlParts& url, milliseconds limit);
    Response response_of(Exchange& exchange, const UrlParts& url);

    TransportOptions options_;
    TrustedRoots roots_;
    // Declared in this order: the easy handle must be destroyed before the connections it used.
    CurlMulti multi_;
    CurlEasy easy_;
    curl_socket_t kept_socket_ = CURL_SOCKET_BAD;
    bool kept_is_http2_ = false;
};

void CurlTransport::Session::set_limits(milliseconds limit) {
    easy_.set<CURLOPT_CONNECTTIMEOUT_MS>(timeout_of(std::min(options_.connect_timeout, limit)));
    easy_.set<CURLOPT_TIMEOUT_MS>(timeout_of(limit));
    easy_.set<CURLOPT_NOSIGNAL>(1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    // Do not wait for a hanging name lookup when the call ends.
    easy_.set<CURLOPT_QUICK_EXIT>(1L);
#endif
}

// Writes use a new connection. A reused one may be closing, so that the request would count as
// "maybe received" (Exchange prevents a resend), or may have bytes left from an earlier response,
// which libcurl 7.88 takes for the response to this request. For a read, leftover bytes are checked
// here; HTTP/2 has frames between responses, which libcurl reads before it reuses the connection.
void CurlTransport::Session::set_connection(const Request& request) {
    const bool fresh =
        request.method != Method::get || (!kept_is_http2_ && is_readable(kept_socket_));
    easy_.set<CURLOPT_FRESH_CONNECT>(fresh ? 1L : 0L);
    easy_.set<CURLOPT_MAXAGE_CONN>(longest_idle_s);
    // An HTTP/2 server may refuse a stream, and libcurl would then resend the request.
    easy_.set<CURLOPT_HTTP_VERSION>(static_cast<long>(
        request.method == Method::get ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    kept_socket_ = CURL_SOCKET_BAD;
}

Response CurlTransport::Session::send(const Request& request) {
    const UrlParts url = checked_url(request);
    check_roots(url);
    const auto deadline =
        steady_clock::now() + milliseconds(timeout_of(request.timeout.value_or(options_.timeout)));
    for (;;) {
        const auto limit = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
        try {
            return send_once(request, url, limit);
        } catch (const TransportError& error) {
            if (error.code() != code::tls_certificate || error.sent() != Sent::no ||
                !roots_.widen()) {
                throw;
            }
        }
    }
}

Response CurlTransport::Session::send_once(const Request& request, const UrlParts& url,
                                           milliseconds limit) {
    Exchange exchange(request, url, options_);
    easy_.reset();
    set_limits(limit);
    set_connection(request);
    set_security(easy_, url);
    roots_.apply(easy_);
    exchange.attach(easy_);
    CurlRun run(multi_, easy_);
    CURLcode result = CURLE_OK;
    if (run.wait(options_.interrupt_fd, result)) {
        throw TransportError(exchange.may_have_left() ? Sent::maybe : Sent::no, ExitCode::network,
                             code::interrupted,
                             "interrupted while waiting for " + url.host_and_port(), "");
    }
    if (result != CURLE_OK) {
        throw_failure(result, easy_, exchange, url);
    }
    return response_of(exchange, url);
}

// libcurl reads the file only after connecting, and its message says less.
void CurlTransport::Session::check_roots(const UrlParts& url) const {
    const std::string problem = url.is_plain() ? "" : roots_.problem();
    if (!problem.empty()) {
        throw TransportError(
            Sent::no, ExitCode::config, "tls.ca_file",
            "cannot use the trusted roots in " + inert_line(options_.ca_file) + ": " + problem,
            "name a PEM file of certificates with --ca-file");
    }
}

Response CurlTransport::Session::response_of(Exchange& exchange, const UrlParts& url) {
    Response response;
    response.status = static_cast<int>(easy_.info(CURLINFO_RESPONSE_CODE));
    if (response.status < 200 || response.status > 599) {
        throw_failure(CURLE_WEIRD_SERVER_REPLY, easy_, exchange, url);
    }
    curl_header* header = nullptr;
    // -1: the last response, not the proxy's or an interim one.
    while ((header = curl_easy_nextheader(easy_.get(), CURLH_HEADER, -1, header)) != nullptr) {
        response.headers.push_back({header->name, header->value});
    }
    response.body = exchange.take_body();
    kept_socket_ = easy_.socket();
    kept_is_http2_ = easy_.info(CURLINFO_HTTP_VERSION) == CURL_HTTP_VERSION_2_0;
    if (!exchange.head_is_complete() || has_wrong_length(response)) {
        throw_failure(CURLE_PARTIAL_FILE, easy_, exchange, url);
    }
    return response;
}

CurlTransport::CurlTransport(TransportOptions options) {
    init_curl();
    session_ = std::make_unique<Session>(std::move(options));
}

CurlTransport::~CurlTransport() = default;

Response CurlTransport::send(const Request& request) {
    return session_->send(request);
}

std::string curl_version() {
    const auto* const info = curl_version_info(CURLVERSION_NOW);
    return std::string("libcurl ") + info->version + " (" + info->ssl_version + ")";
}

}  // namespace bqconn::http
