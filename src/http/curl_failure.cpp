#include "curl_failure.hpp"

#include <string>
#include <system_error>

#include "bqconn/http/transport.hpp"
#include "curl_errors.hpp"

namespace bqconn::http {
namespace {

[[noreturn]] void throw_refused(Exchange::Refusal refusal, const std::string& where) {
    if (refusal == Exchange::Refusal::not_loopback) {
        throw TransportError(Sent::no, ExitCode::network, "network.connect",
                             where + " is not an address of this machine; nothing was sent",
                             "use https:// for other hosts");
    }
    if (refusal == Exchange::Refusal::not_ready) {
        throw NotReady("the connection to " + where + " was ready before the request");
    }
    throw TransportError(
        Sent::no, ExitCode::tls, code::tls_certificate,
        "certificate verification failed for " + where +
            ": the certificate has no Subject Alternative Name, only a common name",
        "get a certificate with a subjectAltName for the host");
}

// 5xx: the proxy could not reach the host. Any other status is about the proxy itself.
[[noreturn]] void throw_proxy_refused(long status, const std::string& where) {
    const bool unreachable = status >= 500;
    const int code = unreachable ? CURLE_COULDNT_CONNECT : CURLE_PROXY;
    const Failure failure = classify(code, false);
    throw TransportError(
        Sent::no, failure.exit_code, std::string(failure.code),
        std::string(failure.what) + " " + where + ": the proxy responded " + std::to_string(status),
        std::string(failure.hint));
}

// libcurl's message for a refused connection is long and lacks the reason. If it names another host
// (the proxy's), it is kept.
std::string reason_of(CURLcode code, const CurlEasy& easy, const Exchange& exchange,
                      const UrlParts& url) {
    if (exchange.second_copy_stopped()) {
        return "closed during the request";
    }
    const std::string text = exchange.error_text();
    const auto os_error = static_cast<int>(easy.info(CURLINFO_OS_ERRNO));
    if (code == CURLE_COULDNT_CONNECT && os_error != 0 &&
        text.starts_with("Failed to connect to " + url.bare_host() + " port " +
                         std::to_string(url.port) + " ")) {
        return std::generic_category().message(os_error);
    }
    return reason_to_show(code, text);
}

}  // namespace

void throw_failure(CURLcode code, const CurlEasy& easy, const Exchange& exchange,
                   const UrlParts& url) {
    const Sent sent = exchange.may_have_left() ? Sent::maybe : Sent::no;
    const std::string where = url.host_and_port();
    // libcurl buffers a header line up to 100 KB and reports a longer one as out of memory.
    if (exchange.too_large() || (code == CURLE_OUT_OF_MEMORY && exchange.may_have_left())) {
        throw TransportError(sent, ExitCode::network, "http.answer_too_large",
                             "the response is too large, from " + where,
                             "check that --platform-url and --ims-url name the service itself");
    }
    if (exchange.refusal() != Exchange::Refusal::none) {
        throw_refused(exchange.refusal(), where);
    }
    if (const long status = easy.info(CURLINFO_HTTP_CONNECTCODE);
        sent == Sent::no && status > 299) {
        throw_proxy_refused(status, where);
    }
    if (exchange.error_text().starts_with("Unsupported proxy")) {
        throw TransportError(sent, ExitCode::network, "network.proxy",
                             "unsupported proxy URL for " + where,
                             "check HTTPS_PROXY and ALL_PROXY: http://host:port");
    }
    // libcurl reports malformed chunks as a broken connection.
    const bool bad_chunks =
        code == CURLE_RECV_ERROR && exchange.error_text().find("chunk") != std::string::npos;
    const Failure failure =
        classify(bad_chunks ? CURLE_WEIRD_SERVER_REPLY : code, exchange.may_have_left());
    throw TransportError(
        failure.sent, failure.exit_code, std::string(failure.code),
        std::string(failure.what) + " " + where + ": " + reason_of(code, easy, exchange, url),
        std::string(failure.hint));
}

}  // namespace bqconn::http
