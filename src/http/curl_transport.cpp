#include "bqconn/http/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <utility>

#include "bqconn/core/inert.hpp"
#include "bqconn/core/text.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/version.hpp"
#include "curl_exchange.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// A connection idle for longer than this is not reused: it may be closing. The shortest keep-alive
// of common servers is 5 s.
constexpr long longest_idle_s = 2;
constexpr std::chrono::milliseconds longest_idle_in_series(500);

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

// Whether roots are also in a directory, libcurl's own (the system's) or the given one. OpenSSL
// looks up a root there by names such as "1a2b3c4d.0".
bool has_directory_of_roots(const std::string& given) {
    const auto* const info = curl_version_info(CURLVERSION_NOW);
    if (info->cainfo == nullptr || (info->capath == nullptr && given.empty())) {
        return false;
    }
    const std::filesystem::path folder = given.empty() ? info->capath : given;
    std::error_code ignored;
    for (std::filesystem::directory_iterator at(folder, ignored), end; !ignored && at != end;
         at.increment(ignored)) {
        const std::string name = at->path().filename();
        if (name.size() == 10 && name.ends_with(".0") &&
            name.find_first_not_of("0123456789abcdef") == 8) {
            return true;
        }
    }
    return false;
}

void set_security(CurlEasy& easy, const UrlParts& url) {
    easy.set<CURLOPT_PROTOCOLS_STR>(url.scheme.c_str());
    easy.set<CURLOPT_DISALLOW_USERNAME_IN_URL>(1L);
    easy.set<CURLOPT_PATH_AS_IS>(1L);
    easy.set<CURLOPT_FOLLOWLOCATION>(0L);
    easy.set<CURLOPT_NETRC>(static_cast<long>(CURL_NETRC_IGNORED));
    easy.set<CURLOPT_USERAGENT>((std::string("bqconn/") + version).c_str());
    easy.set<CURLOPT_HTTP09_ALLOWED>(0L);
    easy.set<CURLOPT_SSL_VERIFYPEER>(1L);
    easy.set<CURLOPT_SSL_VERIFYHOST>(2L);
    easy.set<CURLOPT_SSLVERSION>(static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    easy.set<CURLOPT_CERTINFO>(1L);
    if (tls_is_openssl()) {
        // No RSA below 2048 bits, no SHA-1. This is Debian's default, not OpenSSL's, and a
        // configuration file could lower it.
        easy.set<CURLOPT_SSL_CIPHER_LIST>("DEFAULT:@SECLEVEL=2");
    }
    // Request headers go only through the tunnel, not to the proxy.
    easy.set<CURLOPT_HEADEROPT>(static_cast<long>(CURLHEADER_SEPARATE));
    easy.set<CURLOPT_SUPPRESS_CONNECT_HEADERS>(1L);
    easy.set<CURLOPT_PROXY_SSL_VERIFYPEER>(1L);
    easy.set<CURLOPT_PROXY_SSL_VERIFYHOST>(2L);
    easy.set<CURLOPT_PROXY_SSLVERSION>(static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (url.is_plain()) {
        easy.set<CURLOPT_NOPROXY>("*");
    }
}

// Why the file of trusted roots cannot be used; empty if it can. libcurl reads it only after
// connecting, and its message says less.
std::string problem_of_roots(const std::string& ca_file) {
    errno = 0;
    std::ifstream file(ca_file, std::ios::binary);
    file.peek();  // fails for a directory
    if (!file.is_open() || file.bad()) {
        return std::generic_category().message(errno);
    }
    std::ostringstream text;
    text << file.rdbuf();
    // OpenSSL accepts X509, TRUSTED and plain.
    const bool has_any = text.str().find("CERTIFICATE-----") != std::string::npos;
    return has_any ? "" : "it contains no PEM certificate";
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
        : options_(std::move(options)),
          directory_alone_(options_.ca_file.empty() && has_directory_of_roots(options_.ca_folder)) {
    }
    Response send(const Request& request);

  private:
    void set_limits(milliseconds limit);
    void set_connection(const Request& request);
    bool may_follow_change() const;
    void set_roots();
    void check_roots() const;
    Response send_once(const Request& request, const UrlParts& url, milliseconds limit);
    Response response_of(Exchange& exchange);

    TransportOptions options_;
    // Debian has the same roots twice: as one file, which OpenSSL takes tens of milliseconds to
    // read, and as a directory, from which it reads only the one needed. The directory is tried
    // first. A root may be only in the file, so after a failure both are used.
    bool directory_alone_;
    // Declared in this order: the easy handle must be destroyed before the connections it used.
    CurlMulti multi_;
    std::optional<CurlMulti> changes_;  // in series: their connection is never that of a read
    CurlEasy easy_;
    curl_socket_t kept_socket_ = CURL_SOCKET_BAD;
    bool kept_is_http2_ = false;
    std::optional<steady_clock::time_point> changed_;  // the last call was a change in series
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

// Whether a change may use the connection of the one before: its response was complete, has just
// arrived, and left no bytes.
bool CurlTransport::Session::may_follow_change() const {
    return changed_ && steady_clock::now() - *changed_ < longest_idle_in_series &&
           kept_socket_ != CURL_SOCKET_BAD && !is_readable(kept_socket_);
}

// Writes use a new connection, unless they are in series. A reused one may be closing, so that the
// request would count as "maybe received" (Exchange prevents a resend), or may have bytes left from
// an earlier response, which libcurl 7.88 takes for the response to this request. For a read,
// leftover bytes are checked here; HTTP/2 has frames between responses, which libcurl reads before
// it reuses the connection.
void CurlTransport::Session::set_connection(const Request& request) {
    const bool fresh = request.method == Method::get ? !kept_is_http2_ && is_readable(kept_socket_)
                                                     : !request.in_series || !may_follow_change();
    easy_.set<CURLOPT_FRESH_CONNECT>(fresh ? 1L : 0L);
    easy_.set<CURLOPT_MAXAGE_CONN>(longest_idle_s);
    // An HTTP/2 server may refuse a stream, and libcurl would then resend the request.
    easy_.set<CURLOPT_HTTP_VERSION>(static_cast<long>(
        request.method == Method::get ? CURL_HTTP_VERSION_2TLS : CURL_HTTP_VERSION_1_1));
    kept_socket_ = CURL_SOCKET_BAD;
    changed_.reset();
}

Response CurlTransport::Session::send(const Request& request) {
    const UrlParts url = checked_url(request);
    if (!url.is_plain() && !options_.ca_file.empty()) {
        check_roots();
    }
    const auto deadline =
        steady_clock::now() + milliseconds(timeout_of(request.timeout.value_or(options_.timeout)));
    for (;;) {
        const auto limit = std::chrono::ceil<milliseconds>(deadline - steady_clock::now());
        try {
            return send_once(request, url, limit);
        } catch (const TransportError& error) {
            if (error.code() != code::tls_certificate || error.sent() != Sent::no ||
                !std::exchange(directory_alone_, false)) {
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
    set_roots();
    exchange.attach(easy_);
    const bool in_series = request.in_series && request.method != Method::get;
    if (in_series && !changes_) {
        changes_.emplace();
    }
    CurlRun run(in_series ? *changes_ : multi_, easy_);
    CURLcode result = CURLE_OK;
    if (run.wait(options_.interrupt_fd, result)) {
        throw TransportError(exchange.sent(), ExitCode::network, code::interrupted,
                             "interrupted while waiting for " + url.host_and_port(), "");
    }
    if (result != CURLE_OK) {
        exchange.throw_failure(result);
    }
    Response response = response_of(exchange);
    if (in_series) {
        changed_ = steady_clock::now();
    }
    return response;
}

void CurlTransport::Session::check_roots() const {
    const std::string problem = problem_of_roots(options_.ca_file);
    if (!problem.empty()) {
        throw TransportError(
            Sent::no, ExitCode::config, code::tls_ca_file,
            "cannot use the trusted roots in " + inert_line(options_.ca_file) + ": " + problem,
            "name a PEM file of certificates with --ca-file");
    }
}

void CurlTransport::Session::set_roots() {
    constexpr const char* none = nullptr;
    if (!options_.ca_file.empty()) {
        easy_.set<CURLOPT_CAINFO>(options_.ca_file.c_str());
        easy_.set<CURLOPT_PROXY_CAINFO>(options_.ca_file.c_str());
    }
    if (!options_.ca_file.empty() || !options_.ca_folder.empty()) {
        const char* const folder = options_.ca_folder.empty() ? none : options_.ca_folder.c_str();
        easy_.set<CURLOPT_CAPATH>(folder);
        easy_.set<CURLOPT_PROXY_CAPATH>(folder);
    }
    if (directory_alone_) {
        easy_.set<CURLOPT_CAINFO>(none);
    }
}

Response CurlTransport::Session::response_of(Exchange& exchange) {
    Response response;
    response.status = static_cast<int>(easy_.info(CURLINFO_RESPONSE_CODE));
    if (response.status < 200 || response.status > 599) {
        exchange.throw_failure(CURLE_WEIRD_SERVER_REPLY);
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
        exchange.throw_failure(CURLE_PARTIAL_FILE);
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
