#include "bqconn/http/curl_transport.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <memory>
#include <stdexcept>
#include <utility>

#include "bqconn/core/text.hpp"
#include "bqconn/http/url.hpp"
#include "bqconn/version.hpp"
#include "curl_errors.hpp"
#include "curl_exchange.hpp"
#include "curl_handle.hpp"

namespace bqconn::http {
namespace {

using std::chrono::milliseconds;

// The shortest keep-alive of common servers is 5 s. A connection that has been idle for longer than
// this is not used again: it may be closing, and a request lost on it would have to be called
// "maybe received". The guard against a second copy is in Exchange; this makes it rarely needed.
constexpr long longest_idle_s = 2;

// 0 would mean "never", and libcurl keeps timeouts in 32 bits.
long timeout_of(milliseconds limit) {
    constexpr milliseconds longest = std::chrono::hours(24);
    return static_cast<long>(std::clamp(limit, milliseconds(1), longest).count());
}

UrlParts checked_url(const Request& request) {
    try {
        return take_apart(request.url);
    } catch (const std::invalid_argument& error) {
        throw Error(ExitCode::usage, "http.url_invalid",
                    std::string("the URL of the request ") + error.what() + "; nothing was sent");
    }
}

}  // namespace

class CurlTransport::Session {
  public:
    explicit Session(TransportOptions options) : options_(std::move(options)) {}
    Response send(const Request& request);

  private:
    void set_limits(milliseconds limit);
    void set_security(const UrlParts& url);
    void set_trust();
    Response response_of(Exchange& exchange, const UrlParts& url);
    [[noreturn]] void fail(CURLcode code, const Exchange& exchange, const UrlParts& url);

    TransportOptions options_;
    // The easy handle goes first, the connections that it used after it.
    CurlMulti multi_;
    CurlEasy easy_;
};

void CurlTransport::Session::set_limits(milliseconds limit) {
    easy_.set<CURLOPT_CONNECTTIMEOUT_MS>(timeout_of(std::min(options_.connect_timeout, limit)));
    easy_.set<CURLOPT_TIMEOUT_MS>(timeout_of(limit));
    easy_.set<CURLOPT_MAXAGE_CONN>(longest_idle_s);
    easy_.set<CURLOPT_NOSIGNAL>(1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    // A name lookup that hangs is left to its thread when the call ends, not waited for.
    easy_.set<CURLOPT_QUICK_EXIT>(1L);
#endif
}

void CurlTransport::Session::set_security(const UrlParts& url) {
    easy_.set<CURLOPT_PROTOCOLS_STR>(url.scheme.c_str());
    easy_.set<CURLOPT_DISALLOW_USERNAME_IN_URL>(1L);
    easy_.set<CURLOPT_PATH_AS_IS>(1L);
    easy_.set<CURLOPT_FOLLOWLOCATION>(0L);
    easy_.set<CURLOPT_NETRC>(static_cast<long>(CURL_NETRC_IGNORED));
    easy_.set<CURLOPT_HTTP09_ALLOWED>(0L);
    // One call at a time has no use for streams; and HTTP/2 lets a server refuse a stream, which
    // libcurl answers by sending the request again.
    easy_.set<CURLOPT_HTTP_VERSION>(static_cast<long>(CURL_HTTP_VERSION_1_1));
    easy_.set<CURLOPT_SSL_VERIFYPEER>(1L);
    easy_.set<CURLOPT_SSL_VERIFYHOST>(2L);
    easy_.set<CURLOPT_SSLVERSION>(static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    easy_.set<CURLOPT_USERAGENT>((std::string("bqconn/") + version).c_str());
    // A proxy gets the request's headers only inside the tunnel.
    easy_.set<CURLOPT_HEADEROPT>(static_cast<long>(CURLHEADER_SEPARATE));
    easy_.set<CURLOPT_SUPPRESS_CONNECT_HEADERS>(1L);
    easy_.set<CURLOPT_PROXY_SSL_VERIFYPEER>(1L);
    easy_.set<CURLOPT_PROXY_SSL_VERIFYHOST>(2L);
    easy_.set<CURLOPT_PROXY_SSLVERSION>(static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    if (url.is_plain()) {
        easy_.set<CURLOPT_NOPROXY>("*");
    }
}

void CurlTransport::Session::set_trust() {
    if (options_.ca_file.empty()) {
        return;
    }
    constexpr const char* none = nullptr;
    easy_.set<CURLOPT_CAINFO>(options_.ca_file.c_str());
    easy_.set<CURLOPT_CAPATH>(none);
    easy_.set<CURLOPT_PROXY_CAINFO>(options_.ca_file.c_str());
    easy_.set<CURLOPT_PROXY_CAPATH>(none);
}

Response CurlTransport::Session::send(const Request& request) {
    const UrlParts url = checked_url(request);
    Exchange exchange(request, url, options_);
    easy_.reset();
    set_limits(request.timeout.value_or(options_.timeout));
    set_security(url);
    set_trust();
    exchange.attach(easy_);
    CurlRun run(multi_, easy_);
    CURLcode result = CURLE_OK;
    if (run.wait(options_.interrupt_fd, result)) {
        throw TransportError(exchange.may_have_left() ? Sent::maybe : Sent::no, ExitCode::network,
                             "interrupted", "interrupted while waiting for " + url.host_and_port(),
                             "");
    }
    if (result != CURLE_OK) {
        fail(result, exchange, url);
    }
    return response_of(exchange, url);
}

Response CurlTransport::Session::response_of(Exchange& exchange, const UrlParts& url) {
    Response response;
    response.status = static_cast<int>(easy_.info(CURLINFO_RESPONSE_CODE));
    if (response.status < 200 || response.status > 599) {
        fail(CURLE_WEIRD_SERVER_REPLY, exchange, url);
    }
    curl_header* header = nullptr;
    // -1: those of the last answer, so neither of a proxy nor of an interim one.
    while ((header = curl_easy_nextheader(easy_.get(), CURLH_HEADER, -1, header)) != nullptr) {
        response.headers.push_back({header->name, header->value});
    }
    response.body = exchange.take_body();
    return response;
}

void CurlTransport::Session::fail(CURLcode code, const Exchange& exchange, const UrlParts& url) {
    const Failure failure = classify(code, exchange.may_have_left());
    const std::string where = url.host_and_port();
    if (exchange.too_large()) {
        throw TransportError(failure.sent, ExitCode::network, "http.answer_too_large",
                             "the answer is larger than bqconn reads, from " + where,
                             "check that --platform-url and --ims-url name the service itself");
    }
    if (exchange.address_refused()) {
        throw TransportError(failure.sent, ExitCode::network, "network.connect",
                             where + " is not an address of this machine; nothing was sent",
                             "use https:// for other hosts");
    }
    std::string message = std::string(failure.what) + " " + where;
    message += ": " + reason_to_show(code, exchange.error_text());
    throw TransportError(failure.sent, failure.exit_code, std::string(failure.code), message,
                         std::string(failure.hint));
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
